using System.IO.Compression;
using Microsoft.ML;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class LoadIdxTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gray_images_and_their_labels_are_read(bool isCompressed)
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 3 * 5).Select(i => (byte)(8 * i))];
        string images = Add("images", [0, 0, 8, 3, .. Size(2), .. Size(3), .. Size(5), .. pixels], isCompressed);
        string labels = Add("labels", [0, 0, 8, 1, .. Size(2), 7, 3], isCompressed);
        IDataView view = _ml.Data.LoadFromIdx(images, labels);
        Assert.Equal(["7", "3"], SourceRows.Texts(view, "Label"));
        Assert.EndsWith("images#1", SourceRows.Texts(view, "ImagePath")[1]);
        using SKBitmap bitmap = SKBitmap.Decode(SourceRows.Images(view)[1]);
        Assert.Equal((5, 3), (bitmap.Width, bitmap.Height)); // columns, rows: 5 pixels are no multiple of 4 bytes
        for (int i = 0; i < 15; i++)
            Assert.Equal(new SKColor(pixels[15 + i], pixels[15 + i], pixels[15 + i]), bitmap.GetPixel(i % 5, i / 5));
        Assert.Null(_ml.Data.LoadFromIdx(images).Schema.GetColumnOrNull("Label"));
    }

    [Fact]
    public void Color_images_have_their_channels_last()
    {
        string images = Add("color", [0, 0, 8, 4, .. Size(1), .. Size(1), .. Size(2), .. Size(3), 10, 20, 30, 40, 50, 60]);
        using SKBitmap bitmap = SKBitmap.Decode(SourceRows.Images(_ml.Data.LoadFromIdx(images))[0]);
        Assert.Equal((new SKColor(10, 20, 30), new SKColor(40, 50, 60)), (bitmap.GetPixel(0, 0), bitmap.GetPixel(1, 0)));
    }

    [Fact]
    public void A_small_file_that_unpacks_to_gigabytes_is_refused()
    {
        // 20 MB of zeros in 20 KB; the head states 2 GB.
        string bomb = Add("bomb", [0, 0, 8, 3, .. Size(2), .. Size(31_000), .. Size(32_000), .. new byte[20 << 20]], isCompressed: true);
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromIdx(bomb)).Message;

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("claims 2 x 31000 x 32000 values, but has only", message, StringComparison.Ordinal);
        Assert.Contains("Unpack it first", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_named()
    {
        Assert.Contains("begins with 0000090", Error([0, 0, 9, 3, .. Size(1), .. Size(1), .. Size(1), 0]));
        Assert.Contains("begins with 89504E47", Error([0x89, 0x50, 0x4E, 0x47, .. Size(1)]));
        Assert.Contains("is cut short", Error([0, 0, 8, 3, .. Size(1), .. Size(2), .. Size(2), 1, 2, 3]));
        Assert.Contains("is cut short", Error([0, 0]));
        Assert.Contains("is cut short", Error([0, 0, 8, 3, .. Size(1_000_000), .. Size(20), .. Size(20), 1]));
        Assert.Contains("holds more than the 1 x 1 x 1", Error([0, 0, 8, 3, .. Size(1), .. Size(1), .. Size(1), 1, 2]));
        Assert.Contains("more than 2 GB", Error([0, 0, 8, 3, .. Size(int.MaxValue), .. Size(int.MaxValue), .. Size(9), 1]));
        Assert.Contains("more than 2 GB", Error([0, 0, 8, 3, .. Size(-1), .. Size(1), .. Size(9), 1]));
        Assert.Contains("has the dimensions 2 x 2; expected images x rows", Error([0, 0, 8, 2, .. Size(2), .. Size(2), 1, 2, 3, 4]));
        string images = Add("one", [0, 0, 8, 3, .. Size(1), .. Size(1), .. Size(1), 1]),
            labels = Add("labels", [0, 0, 8, 1, .. Size(2), 7, 3]);
        Assert.Contains(
            "expected one label for each of the 1 images",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromIdx(images, labels)).Message
        );
        Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromIdx(Path.Combine(_folder.Path, "none")));
        string damaged = Add("damaged", [0, 0, 8, 3, .. Size(1), .. Size(2), .. Size(2), 1, 2, 3, 4], isCompressed: true);
        byte[] bytes = File.ReadAllBytes(damaged);
        bytes[12] ^= 0xFF;
        File.WriteAllBytes(damaged, bytes);
        Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromIdx(damaged));

        string Error(byte[] content) => Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromIdx(Add("bad", content))).Message;
    }

    private static byte[] Size(int size) => [(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size];

    private string Add(string name, byte[] content, bool isCompressed = false)
    {
        if (!isCompressed)
            return _folder.Add(name, content);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return _folder.Add(name, packed.ToArray());
    }
}

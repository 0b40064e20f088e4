using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class LoadCifarTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Batches_of_a_folder_are_one_view_in_their_order()
    {
        for (int batch = 1; batch <= 3; batch++)
            _folder.Add($"data_batch_{batch}.bin", [.. Record(batch, 10 * batch), .. Record(9, 1)]);
        _folder.Add("test_batch.bin", Record(0, 77));
        _folder.Add("batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"u8);
        IDataView train = _ml.Data.LoadFromCifar(_folder.Path);
        Assert.Equal(["automobile", "truck", "bird", "truck", "cat", "truck"], SourceRows.Texts(train, "Label"));
        Assert.EndsWith("data_batch_3.bin#0", SourceRows.Texts(train, "ImagePath")[4]);
        byte[][] images = SourceRows.Images(train);
        CheckPixels(images[0], 10);
        CheckPixels(images[4], 30);
        IDataView test = _ml.Data.LoadFromCifar(_folder.Path, part: CifarPart.Test);
        Assert.Equal(["airplane"], SourceRows.Texts(test, "Label"));
        CheckPixels(SourceRows.Images(test)[0], 77);
    }

    [Fact]
    public void CIFAR_100_has_fine_and_coarse_classes()
    {
        string path = _folder.Add("train.bin", [19, 99, .. Record(0, 5).AsSpan(1), 3, 42, .. Record(0, 6).AsSpan(1)]);
        Assert.Equal(["99", "42"], SourceRows.Texts(_ml.Data.LoadFromCifar(path, CifarFormat.Cifar100Fine), "Label"));
        IDataView coarse = _ml.Data.LoadFromCifar(_folder.Path, CifarFormat.Cifar100Coarse);
        Assert.Equal(["19", "3"], SourceRows.Texts(coarse, "Label"));
        CheckPixels(SourceRows.Images(coarse)[1], 6);
    }

    [Fact]
    public void Files_of_another_format_are_named()
    {
        string cut = _folder.Add("cut.bin", Record(1, 1).AsSpan(0, 3000));
        Assert.Contains(
            "has 3000 bytes, no whole number of Cifar10 records of 3073 bytes",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromCifar(cut)).Message
        );
        string wrong = _folder.Add("wrong.bin", [.. Record(1, 1), .. Record(10, 1)]);
        Assert.Contains(
            "record 1: class 10, expected 0 to 9",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromCifar(wrong)).Message
        );
        Assert.Contains(
            "has no data_batch_*.bin",
            Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromCifar(_folder.Path)).Message
        );
        Assert.Throws<FileNotFoundException>(() => _ml.Data.LoadFromCifar(Path.Combine(_folder.Path, "none")));
        _folder.Add("test_batch.bin", Record(0, 1));
        _folder.Add("batches.meta.txt", "one\ntwo"u8);
        Assert.Contains(
            "names 2 classes, expected 10",
            Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromCifar(_folder.Path, part: CifarPart.Test)).Message
        );
    }

    // Pixel (x, y) is red x + start, green 2 y, blue 200.
    private static byte[] Record(int label, int start)
    {
        byte[] record = new byte[3073];
        record[0] = (byte)label;
        for (int i = 0; i < 1024; i++)
            (record[1 + i], record[1025 + i], record[2049 + i]) = ((byte)((i % 32) + start), (byte)(2 * (i / 32)), 200);
        return record;
    }

    private static void CheckPixels(byte[] encoded, int start)
    {
        using SKBitmap bitmap = SKBitmap.Decode(encoded);
        Assert.Equal((32, 32), (bitmap.Width, bitmap.Height));
        for (int y = 0; y < 32; y++)
        for (int x = 0; x < 32; x++)
            Assert.Equal(new SKColor((byte)(x + start), (byte)(2 * y), 200), bitmap.GetPixel(x, y));
    }
}

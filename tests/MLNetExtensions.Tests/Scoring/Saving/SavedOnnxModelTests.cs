using System.Buffers.Binary;
using System.IO.Compression;
using MLNetExtensions.Scoring.Saving;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Saving;

/// <summary>Saved models whose entries are not what they announce.</summary>
public class SavedOnnxModelTests
{
    [Fact]
    public void The_model_of_an_entry_is_read() => Assert.Equal([1, 2, 3], Assert.Single(Read(Saved(3, [1, 2, 3]))));

    [Theory]
    [InlineData(4, 3)]
    [InlineData(-1, 3)]
    [InlineData(int.MaxValue, 3)]
    public void A_length_that_is_not_there_is_refused(int announced, int there)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(Saved(announced, new byte[there]))).Message;

        Assert.Contains("'model.zip'", message, StringComparison.Ordinal);
        Assert.Contains("step/OnnxModel", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_cut_short_is_refused() =>
        Assert.Contains("step/OnnxModel", Assert.Throws<InvalidDataException>(() => Read(Zip([1, 2]))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_entry_that_is_packed_to_fill_the_memory_is_refused() =>
        Assert.Contains(
            "times as many",
            Assert.Throws<InvalidDataException>(() => Read(Saved(40 << 20, new byte[40 << 20]))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_that_is_no_zip_is_refused() =>
        Assert.Contains("'model.zip'", Assert.Throws<InvalidDataException>(() => Read([1, 2, 3])).Message, StringComparison.Ordinal);

    private static List<byte[]> Read(byte[] zip) => SavedOnnxModel.ReadAll(new MemoryStream(zip), "'model.zip'", bytes => bytes);

    private static byte[] Saved(int announced, byte[] model)
    {
        var content = new byte[sizeof(int) + model.Length];
        BinaryPrimitives.WriteInt32LittleEndian(content, announced);
        model.CopyTo(content, sizeof(int));
        return Zip(content);
    }

    private static byte[] Zip(byte[] content)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = zip.CreateEntry("step/OnnxModel").Open())
            entry.Write(content);
        return stream.ToArray();
    }
}

using System.IO.Compression;
using Microsoft.ML;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Faults.Formats;

/// <summary>IDX files of images, as MNIST has them, and of labels; compressed by gzip or not.</summary>
internal sealed class IdxFormat : IFuzzFormat
{
    private readonly MLContext _ml = new(seed: 1);

    public string Name => "idx";

    public string Extension => ".idx";

    public IReadOnlyList<Type> Answers { get; } = [typeof(InvalidDataException), typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 3, .. Enumerable.Range(0, 60).Select(i => (byte)i)],
        [0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3, .. Enumerable.Range(0, 36).Select(i => (byte)i)],
        Compress([0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 20, 0, 0, 0, 30, .. Enumerable.Range(0, 5400).Select(i => (byte)(i % 7))]),
    ];

    public byte[] Mutate(byte[] input, Random random)
    {
        if (input is not [0x1F, 0x8B, ..] || random.Next(3) == 0)
            return ByteMutation.Mutate(input, random);
        try
        {
            using var stream = new GZipStream(new MemoryStream(input), CompressionMode.Decompress);
            var values = new MemoryStream();
            stream.CopyTo(values);
            return Compress(ByteMutation.Mutate(values.ToArray(), random));
        }
        catch (InvalidDataException)
        {
            return ByteMutation.Mutate(input, random);
        }
    }

    public void Execute(FuzzInput input)
    {
        string images = input.File,
            labels = Path.Combine(input.Folder, "labels.idx");
        File.WriteAllBytes(labels, [0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4]);
        input.Try("images", () => SourceReading.ReadAll(_ml.Data.LoadFromIdx(images)));
        input.Try("images with labels", () => SourceReading.ReadAll(_ml.Data.LoadFromIdx(images, labels)));
        input.Try("labels", () => SourceReading.ReadAll(_ml.Data.LoadFromIdx(images, images)));
    }

    private static byte[] Compress(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(bytes);
        return packed.ToArray();
    }
}

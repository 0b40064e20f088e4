using Microsoft.ML;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;
using Parquet;
using Parquet.Schema;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Parquet files with images and labels, of two row groups, in each way of packing.</summary>
internal sealed class ParquetFormat : IFuzzFormat
{
    private readonly MLContext _ml = new(seed: 1);

    public string Name => "parquet";

    public string Extension => ".parquet";

    public IReadOnlyList<Type> Answers { get; } =
    [typeof(InvalidDataException), typeof(FileNotFoundException), typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd }.Select(method =>
            Task.Run(() => WriteAsync(method)).GetAwaiter().GetResult()
        ),
    ];

    public byte[] Mutate(byte[] input, Random random) => ParquetMutation.Mutate(input, random);

    public void Execute(FuzzInput input) => SourceReading.ReadAll(_ml.Data.LoadFromParquet(input.File));

    private static async Task<byte[]> WriteAsync(CompressionMethod method)
    {
        var image = new DataField<byte[]>("image");
        var label = new DataField<string>("label");
        var stream = new MemoryStream();
        var options = new ParquetOptions { CompressionMethod = method };
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(image, label), stream, options))
        {
            for (int group = 0; group < 2; group++)
            {
                using ParquetRowGroupWriter rows = writer.CreateRowGroup();
                await rows.WriteAllPartsAsync<ReadOnlyMemory<byte>>(
                    image,
                    new ReadOnlyMemory<byte>[] { new byte[] { 1, 2, 3 }, new byte[30], new byte[] { 4 } },
                    new[] { 1, 1, 1 },
                    null,
                    default
                );
                await rows.WriteAllPartsAsync<ReadOnlyMemory<char>>(
                    label,
                    new[] { "cat".AsMemory(), "dog".AsMemory(), "cat".AsMemory() },
                    new[] { 1, 1, 1 },
                    null,
                    default
                );
            }
        }
        return stream.ToArray();
    }
}

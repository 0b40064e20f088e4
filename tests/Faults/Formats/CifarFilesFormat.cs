using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Files of records, as CIFAR-10 and CIFAR-100 have them.</summary>
internal sealed class CifarFilesFormat : IFuzzFormat
{
    private readonly MLContext _ml = new(seed: 1);

    public string Name => "cifar";

    public string Extension => ".bin";

    public IReadOnlyList<Type> Answers { get; } = [typeof(InvalidDataException), typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; } = [new byte[3073], new byte[2 * 3074], new byte[3073 * 3]];

    public byte[] Mutate(byte[] input, Random random) => ByteMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        foreach (CifarFormat format in Enum.GetValues<CifarFormat>())
            input.Try($"{format}", () => SourceReading.ReadAll(_ml.Data.LoadFromCifar(input.File, format)));
    }
}

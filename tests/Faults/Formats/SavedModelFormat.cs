using Microsoft.ML;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Serving;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Saved models of ML.NET, where this library looks for the network inside.</summary>
internal sealed class SavedModelFormat : IFuzzFormat
{
    private readonly MLContext _ml = new(seed: 1);

    public string Name => "modelzip";

    public string Extension => ".zip";

    public IReadOnlyList<Type> Answers { get; } = [typeof(OnnxFormatException), typeof(InvalidDataException)];

    public IReadOnlyList<byte[]> Corpus => field ??= [Saved()];

    public byte[] Mutate(byte[] input, Random random) =>
        ZipMutation.Mutate(
            input,
            random,
            (name, bytes) =>
                name.EndsWith("OnnxModel", StringComparison.Ordinal) && bytes.Length > 4 && random.Next(2) == 0
                    ? [.. bytes[..4], .. ProtobufMutation.Mutate(bytes[4..], random)]
                    : ByteMutation.Mutate(bytes, random)
        );

    public void Execute(FuzzInput input) => ServedModelSource.OfFile(input.File).ReadGraph();

    private byte[] Saved()
    {
        using var transformer = SmallClassifier.Create(_ml, out DataViewSchema schema);
        var stream = new MemoryStream();
        _ml.Model.Save(transformer, schema, stream);
        return stream.ToArray();
    }
}

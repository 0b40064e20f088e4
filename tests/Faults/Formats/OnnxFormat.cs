using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Faults.Formats;

/// <summary>ONNX files: reading alone, as a graph, as an outline, and the look through a file before a session opens it.</summary>
internal sealed class OnnxFormat : IFuzzFormat
{
    public string Name => "onnx";

    public string Extension => ".onnx";

    public IReadOnlyList<Type> Answers { get; } = [typeof(OnnxFormatException), typeof(FileNotFoundException)];

    public IReadOnlyList<byte[]> Corpus => OnnxCorpus.Files;

    public byte[] Mutate(byte[] input, Random random) => ProtobufMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        OnnxFileCheck.CheckFile(input.File);
        OnnxGraph.Load(input.File).ToBytes();
    }
}

using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.TensorFlow;

namespace MLNetExtensions.Faults.Formats;

/// <summary>TensorFlow's frozen graphs (<c>.pb</c>), which are read without its library.</summary>
internal sealed class FrozenGraphFormat : IFuzzFormat
{
    public string Name => "frozen";

    public string Extension => ".pb";

    public IReadOnlyList<Type> Answers { get; } = [typeof(TensorFlowFormatException)];

    public IReadOnlyList<byte[]> Corpus => FrozenGraphs.All;

    public byte[] Mutate(byte[] input, Random random) => ProtobufMutation.Mutate(input, random);

    public void Execute(FuzzInput input) => TensorFlowModel.ReadFrozenGraph(input.File);
}

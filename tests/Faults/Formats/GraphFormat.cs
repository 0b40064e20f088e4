using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Onnx.Surgery;

namespace MLNetExtensions.Faults.Formats;

/// <summary>ONNX graphs in all that is done with them without ONNX Runtime: checks, summaries, passes, cuts, lowering.</summary>
internal sealed class GraphFormat : IFuzzFormat
{
    public string Name => "onnxdeep";

    public string Extension => ".onnx";

    public IReadOnlyList<Type> Answers { get; } =
    [
        typeof(OnnxFormatException),
        typeof(FileNotFoundException),
        typeof(UnsupportedOpsException),
        typeof(ArgumentException),
        typeof(FormatException),
        typeof(InvalidOperationException),
    ];

    public IReadOnlyList<byte[]> Corpus => OnnxCorpus.Files;

    public byte[] Mutate(byte[] input, Random random) => ProtobufMutation.Mutate(input, random);

    public void Execute(FuzzInput input)
    {
        OnnxGraph graph = OnnxGraph.Load(input.File);
        input.Try("Check", () => graph.Check());
        input.Try("Summary", () => graph.Summary().ToString());
        input.Try("FindFeatures", () => ClassifierSearch.FindFeatures(graph));
        input.Try("Problem", () => ClassifierSearch.Problem(graph, "input"));
        input.Try("Extract", () => graph.Extract(graph.Inputs.Select(i => i.Name), [graph.Outputs[0].Name]));
        input.Try("BatchNormFolding", () => BatchNormFolding.Apply(graph));
        input.Try("ConstantFolding", () => ConstantFolding.Apply(graph));
        input.Try("EliminateIdentity", () => EliminateIdentity.Apply(graph));
        input.Try("OpsetUpgrade", () => OpsetUpgrade.Apply(graph));
        input.Try("SingleFloats", () => SingleFloats.Apply(graph));
        input.Try("InferenceMode", () => InferenceMode.Apply(graph));
        input.Try("RowIndependence", () => RowIndependence.Find(graph));
        input.Try("FindParameters", () => ParameterAnalysis.FindParameters(graph));
        input.Try("Backbone", () => Backbone.FromGraph(graph));
        input.Try("Lower", () => GraphLowering.Lower(graph, BatchAxis.InputShapes(graph, 2), _ => false));
        input.Try("Compress", () => Compress(graph));
    }

    /// <summary>What Quantize, Prune and ToFloat16 do with a graph before they run it.</summary>
    private static void Compress(OnnxGraph graph)
    {
        OnnxGraph form = InferenceForm.Of(SourceModel.Of(graph, new QuantizeOptions()).Network);
        _ = new DynamicQuantization(form, new DynamicQuantizeOptions()).Quantize();
        _ = new QuantizationPlan(form, _ => false);
        _ = Compression.Float16.HalfGraph.Write(form, new Compression.Float16.Float16Options(), []);
        _ = new StructuredPruning(form, new PruneOptions()).Prune();
    }
}

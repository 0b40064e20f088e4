using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
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
    private const long MaxWeights = 1_000_000;

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
        // Weights are what takes time here, whoever wrote the file.
        if (ParameterCount(graph) <= MaxWeights)
            Compress(input, graph);
    }

    /// <summary>What Quantize, Prune and ToFloat16 do with a graph before they run it.</summary>
    private static void Compress(FuzzInput input, OnnxGraph graph)
    {
        OnnxGraph? form = null;
        input.Try("InferenceForm", () => form = InferenceForm.Of(SourceModel.Of(graph, new QuantizeOptions()).Network));
        if (form is null)
            return;
        input.Try("DynamicQuantization", () => new DynamicQuantization(form, new DynamicQuantizeOptions()).Quantize());
        input.Try("QuantizationPlan", () => _ = new QuantizationPlan(form, _ => false));
        input.Try("HalfGraph", () => HalfGraph.Write(form, new Float16Options(), []));
        input.Try("StructuredPruning", () => new StructuredPruning(form, new PruneOptions()).Prune());
    }

    private static long ParameterCount(OnnxGraph graph)
    {
        try
        {
            return ParameterAnalysis.FindParameters(graph).Sum(t => t.Count);
        }
        catch (OnnxFormatException)
        {
            return 0;
        }
    }
}

using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Export.Opsets;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using MLNetExtensions.TrainingContract.NodeTests;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Export.Opsets;

/// <summary>
/// ONNX's own node tests of the operators that opsets 14 to 21 changed, in every older opset: their expected outputs, or an error that says
/// why not.
/// </summary>
[NeedsNodeTests]
public sealed class OpsetNodeTests
{
    /// <summary>What is not written in older forms: the operator, and the opset that it needs.</summary>
    private static readonly string[] Refused =
    [
        "AffineGrid 20",
        "AveragePool 19",
        "BatchNormalization 14",
        "BitwiseAnd 18",
        "BitwiseNot 18",
        "BitwiseOr 18",
        "BitwiseXor 18",
        "BlackmanWindow 17",
        "Col2Im 18",
        "DFT 17",
        "DeformConv 19",
        "GridSample 16",
        "GridSample 20",
        "HammingWindow 17",
        "HannWindow 17",
        "If 19",
        "LpPool 18",
        "MelWeightMatrix 17",
        "OptionalGetElement 18",
        "OptionalHasElement 18",
        "Resize 18",
        "Resize 19",
        "STFT 17",
        "ScatterElements 16",
        "ScatterElements 18",
        "ScatterND 16",
        "ScatterND 18",
    ];

    [Fact]
    public void What_ONNX_Runtime_passes_it_passes_in_older_opsets_too()
    {
        string archive = NeedsNodeTestsAttribute.Archive;
        var wrong = new List<string>();
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        int passed = 0;
        foreach (
            NodeTest test in NodeTestArchive
                .Read(archive)
                .Where(t =>
                    t.Opset is > OpsetConversion.Minimum and <= OnnxGraph.MaximumOpset
                    && t.HasOnlyNumbers
                    && t.Ops.All(o => o.Domain.Length == 0)
                    && t.Ops.Any(o => OpsetRules.OpTypes.Contains(o.OpType))
                )
        )
        {
            OnnxGraph graph = WithConstants(test, out Dictionary<string, OnnxTensor> inputs);
            if (Run(graph, inputs, test.Outputs) is not null)
                continue;
            for (int opset = OpsetConversion.Minimum; opset < Math.Min(graph.Opset, OpsetConversion.Maximum + 1); opset++)
            {
                try
                {
                    if (Run(OpsetConversion.Rewrite(graph, opset), inputs, test.Outputs) is { } difference)
                        wrong.Add($"{test.Name} {graph.Opset} -> {opset}: {difference}");
                    passed++;
                }
                catch (OnnxFormatException e)
                {
                    Match refusal = Regex.Match(e.Message, "^Node ([A-Za-z0-9]+) .* needs opset ([0-9]+): .");
                    Assert.True(refusal.Success, e.Message);
                    refused.Add($"{refusal.Groups[1]} {refusal.Groups[2]}");
                }
            }
        }
        Assert.Empty(wrong);
        Assert.True(Refused.SequenceEqual(refused), string.Join("; ", refused));
        Assert.InRange(passed, 1800, 10000);
    }

    /// <summary>Null where ONNX Runtime's outputs are those that are expected, else how not.</summary>
    private static string? Run(OnnxGraph graph, Dictionary<string, OnnxTensor> inputs, OnnxTensor[] expected)
    {
        try
        {
            OnnxTensor[] actual = OrtRunner.Run(graph, inputs);
            for (int i = 0; i < expected.Length; i++)
                OrtRunner.AssertClose(expected[i], actual[i], 1e-3);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or Xunit.Sdk.XunitException)
        {
            return e.Message;
        }
    }

    /// <summary>The test's graph, with whole numbers beside the data as constants, which models have them as.</summary>
    private static OnnxGraph WithConstants(NodeTest test, out Dictionary<string, OnnxTensor> data)
    {
        OnnxGraph graph = test.Load();
        OnnxTensor[] inputs = test.Inputs;
        data = [];
        var initializers = new OrderedDictionary<string, OnnxTensor>(graph.Initializers);
        for (int i = 0; i < inputs.Length; i++)
            if (i > 0 && inputs[i].ElementType == OnnxElementType.Int64)
                initializers[graph.Inputs[i].Name] = inputs[i].Rename(graph.Inputs[i].Name);
            else
                data[graph.Inputs[i].Name] = inputs[i].Rename(graph.Inputs[i].Name);
        return graph with { Inputs = [.. graph.Inputs.Where(i => !initializers.ContainsKey(i.Name))], Initializers = initializers };
    }
}

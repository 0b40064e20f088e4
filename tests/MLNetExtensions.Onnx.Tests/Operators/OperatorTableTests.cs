using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;
using MLNetExtensions.Onnx.Decompositions;
using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Onnx.Shapes;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Operators;

public sealed class OperatorTableTests
{
    // ONNX Runtime has these in older opsets than ONNX.
    private static readonly string[] Earlier = ["LayerNormalization", "MeanVarianceNormalization", "ThresholdedRelu"];

    /// <summary>
    /// The operators whose first opset ONNX Runtime can be asked for: older ones it does not tell apart, newer ones it may lack.
    /// </summary>
    public static TheoryData<string> Newer =>
        [.. OperatorTable.Names(o => o.Since is > OnnxGraph.MinimumOpset and <= OnnxGraph.MaximumOpset).Except(Earlier)];

    /// <summary>The operators of the oldest opset.</summary>
    public static TheoryData<string> Older => [.. OperatorTable.Names(o => o.Since <= OnnxGraph.MinimumOpset)];

    [Fact]
    public void Rows_are_in_the_order_of_their_names() =>
        Assert.Equal(
            OperatorTable.All.OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase).Select(o => o.Name),
            OperatorTable.All.Select(o => o.Name)
        );

    [Fact]
    public void Opsets_are_in_order() =>
        Assert.All(
            OperatorTable.All,
            o =>
            {
                Assert.True(o.KernelOpset == 0 || (o.KernelOpset >= o.Since && o.KernelOpset <= OnnxGraph.MaximumOpset), o.Name);
                Assert.True(o.Until == 0 || o.Until >= o.Since, o.Name);
            }
        );

    [Fact]
    public void What_has_a_shape_has_a_rule() =>
        Assert.Equal(OperatorTable.Names(o => o.Shape != OutputShape.Unshaped).Order(), ShapeInference.OpTypes.Order());

    [Fact]
    public void What_has_a_kernel_has_a_shape() =>
        Assert.DoesNotContain(OperatorTable.All, o => o.KernelOpset > 0 && o.Shape == OutputShape.Unshaped);

    [Fact]
    public void What_is_elementwise_has_a_row_rule() =>
        Assert.Empty(
            OperatorTable
                .Names(o => o.IsElementwise)
                .Except(RowIndependence.Operators.Where(o => o.Domain.Length == 0).Select(o => o.OpType))
        );

    [Fact]
    public void Rules_are_of_operators_of_the_table()
    {
        IEnumerable<string> rules =
        [
            .. ConstantEvaluation.OpTypes,
            .. Rewrites.OpTypes,
            .. RowIndependence.Operators.Where(o => o.Domain.Length == 0).Select(o => o.OpType),
        ];

        Assert.DoesNotContain(rules, opType => OperatorTable.Find(opType) is null);
    }

    [Fact]
    public void Nodes_of_other_domains_have_no_row()
    {
        var node = OnnxNode.Create("Gelu", ["x"], ["y"]);

        Assert.Equal("Gelu", OperatorTable.Find(node)?.Name);
        Assert.Null(OperatorTable.Find(node with { Domain = "com.microsoft" }));
    }

    [Theory]
    [MemberData(nameof(Newer))]
    public void An_operator_came_in_with_its_opset(string opType)
    {
        int since = OperatorTable.Find(opType)!.Since;

        Assert.True(OnnxRuntimeHas(opType, since), $"opset {since} lacks it");
        Assert.False(OnnxRuntimeHas(opType, since - 1), $"opset {since - 1} has it");
    }

    [Theory]
    [MemberData(nameof(Older))]
    public void An_operator_is_in_the_oldest_opset(string opType) => Assert.True(OnnxRuntimeHas(opType, OnnxGraph.MinimumOpset));

    /// <summary>Whether a node without inputs fails for another reason than its name.</summary>
    private static bool OnnxRuntimeHas(string opType, int opset)
    {
        var graph = new OnnxGraph
        {
            Name = "one",
            Opsets = new Dictionary<string, int> { [""] = opset },
            Inputs = [],
            Outputs = [new OnnxValue("y", OnnxElementType.Float, null)],
            Nodes = [OnnxNode.Create(opType, [], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor>(),
        };
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var session = new InferenceSession(graph.ToBytes(), options);
            return true;
        }
        catch (OnnxRuntimeException e)
        {
            return !e.Message.Contains($"No Op registered for {opType} ", StringComparison.Ordinal);
        }
    }
}

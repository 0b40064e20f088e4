using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Operators;

public sealed class KernelTableTests
{
    [Fact]
    public void Finds_by_name_domain_and_opset()
    {
        var table = new KernelTable<Func<int>>([new("Relu", () => 1), new("Gelu", () => 2)]);
        var relu = OnnxNode.Create("Relu", ["x"], ["y"]);

        Assert.Equal(1, table.Find(relu, OnnxGraph.MaximumOpset)?.Compile());
        Assert.Null(table.Find(relu, 13));
        Assert.Null(table.Find(relu with { Domain = "com.microsoft" }, OnnxGraph.MaximumOpset));
        Assert.Null(table.Find(relu with { OpType = "Tanh" }, OnnxGraph.MaximumOpset));
        Assert.Equal(["Relu", "Gelu"], table.OpTypes);
    }

    [Theory]
    [InlineData("Foo", "Op Foo has a kernel, but no row in OperatorTable")]
    [InlineData("ReverseSequence", "Op ReverseSequence has a kernel, but no row in OperatorTable")]
    [InlineData("Relu", "Op Relu is registered twice")]
    public void Wrong_registrations_are_errors(string opType, string message)
    {
        Exception e = Assert.Throws<InvalidOperationException>(() =>
            new KernelTable<Func<int>>([new("Relu", () => 1), new(opType, () => 2)])
        );

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }
}

using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TestData;

namespace MLNetExtensions.TensorFlow.Tests.Docs;

/// <summary>docs/operators.md, and the runtimes' registries beside the table of operators that it is written from.</summary>
public sealed class OperatorDocumentTests
{
    private const string Switch = "MLNETX_WRITE_DOCS";

    [NeedsNothing]
    [Fact]
    public void The_page_is_what_the_table_says()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "operators.md"),
            expected = OperatorDocument.Write();
        if (Environment.GetEnvironmentVariable(Switch) == "1")
            File.WriteAllText(file, expected);

        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == expected,
            $"docs/operators.md is not what OperatorTable and the registries say. Write it with\n{Switch}=1 dotnet run -c Release "
                + $"--project tests/MLNetExtensions.TensorFlow.Tests -- -class '*OperatorDocumentTests'"
        );
    }

    [NeedsNothing]
    [Fact]
    public void Both_runtimes_have_the_kernels_of_the_table()
    {
        string[] kernels = [.. OperatorTable.Names(o => o.KernelOpset > 0).Order()];

        Assert.Equal(kernels, TorchSharp.Ops.OpRegistry.OpTypes.Order());
        Assert.Equal(kernels, TensorFlow.Ops.OpRegistry.OpTypes.Order());
    }
}

using System.Text;
using MLNetExtensions.ModelBuilder.Code;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests.Code;

public sealed class CodeNamespaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cat-detection", "Cat_detection")]
    [InlineData("facial-expression.WEB", "Facial_expression_WEB")]
    [InlineData("Test ML", "Test_ML")]
    [InlineData("3D", "_3D")]
    [InlineData("MLModel1_ConsoleApp1", "MLModel1_ConsoleApp1")]
    [InlineData("MLModel1_WebApi1", "")]
    public void The_namespace_is_made_of_the_name_of_the_project_file(string project, string expected)
    {
        _folder.Add($"{project}.csproj", "<Project />"u8);

        Assert.Equal(expected, Find());
    }

    [Theory]
    [InlineData("using System;\r\nnamespace Old.Name\r\n{\r\n", "Old.Name")]
    [InlineData("namespace Old;\n", "Old")]
    [InlineData("public partial class MLModel1\n{ // no namespace here\n", "")]
    public void The_namespace_of_present_code_stays(string code, string expected)
    {
        _folder.Add("Other.csproj", "<Project />"u8);
        _folder.Add("MLModel1.consumption.cs", Encoding.UTF8.GetBytes(code));

        Assert.Equal(expected, Find());
    }

    [Fact]
    public void Without_a_project_there_is_none() => Assert.Equal("", Find());

    private string Find() => CodeNamespace.Find(Path.Combine(_folder.Path, "MLModel1.consumption.cs"), "MLModel1");
}

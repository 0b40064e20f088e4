using System.Reflection;
using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using NetArchTest.Rules;
using Xunit;

namespace MLNetExtensions.Tests;

/// <summary>
/// Directions between the folders of an assembly: a folder needs only those before it. Entry points (namespace Microsoft.ML) need what they
/// make.
/// </summary>
public class DirectionTests
{
    private static readonly string[] OnnxFolders =
    [
        ".Files",
        "",
        ".Tensors",
        ".Operators",
        ".Shapes",
        ".Constants",
        ".Parameters",
        ".Decompositions",
        ".Lowering",
        ".Passes",
        ".Rows",
        ".Checking",
        ".Surgery",
        ".Networks",
    ];

    private static readonly string[] ImagingFolders =
    [
        ".Files",
        "",
        ".Boxes",
        ".Pixels",
        ".Resampling",
        ".Jpeg",
        ".Decoding",
        ".Masks",
        ".Augmentations",
    ];

    private static readonly string[] Folders =
    [
        ".Data",
        ".Sessions",
        ".Backbones",
        ".Training",
        ".Scoring",
        ".Trainers",
        ".Search",
        ".Compression",
        ".Explanation",
        ".Uncertainty",
        ".Similarity",
        ".Quality",
        ".Serving",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (
                (string assembly, string[] folders) in new[]
                {
                    ("MLNetExtensions.Onnx", OnnxFolders),
                    ("MLNetExtensions.Imaging", ImagingFolders),
                    ("MLNetExtensions", Folders),
                }
            )
            foreach (string folder in folders)
                cases.Add(assembly, folder);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_folder_needs_only_those_before_it(string assembly, string folder)
    {
        string[] order = FoldersOf(assembly);
        // Files are compiled into two assemblies, so that they cannot need the root of one; its name is the beginning of all.
        string[] later = [.. order.SkipWhile(f => f != folder).Skip(1).Where(f => f.Length > 0).Select(f => assembly + f)];
        if (later.Length == 0)
            return;
        string pattern = $"^{System.Text.RegularExpressions.Regex.Escape(assembly + folder)}{(folder.Length == 0 ? "$" : "")}";

        NetArchTest.Rules.TestResult result = Types
            .InAssembly(Of(assembly))
            .That()
            .ResideInNamespaceMatching(pattern)
            .ShouldNot()
            .HaveDependencyOnAny(later)
            .GetResult();

        Assert.True(
            result.IsSuccessful,
            $"{assembly}{folder} needs a later folder: "
                + $"{string.Join(", ", result.FailingTypes?.Select(t => $"{t.FullName} ({t.Explanation})") ?? [])}"
        );
    }

    [Theory]
    [InlineData("MLNetExtensions.Onnx")]
    [InlineData("MLNetExtensions.Imaging")]
    [InlineData("MLNetExtensions")]
    public void All_folders_are_in_the_order(string assembly)
    {
        string[] order = FoldersOf(assembly);
        string[] others =
        [
            .. Of(assembly)
                .GetTypes()
                .Select(t => t.Namespace ?? "")
                .Where(n => n.StartsWith(assembly, StringComparison.Ordinal))
                .Select(n => n[assembly.Length..].Split('.') is [_, var first, ..] ? "." + first : "")
                .Distinct()
                .Except([.. order, ".Proto"]),
        ]; // Proto is generated, and needs nothing.
        Assert.Empty(others);
    }

    [Fact]
    public void Onnx_and_Imaging_know_neither_ML_NET_nor_ONNX_Runtime()
    {
        foreach (string assembly in new[] { "MLNetExtensions.Onnx", "MLNetExtensions.Imaging" })
            Assert.DoesNotContain(
                Of(assembly).GetReferencedAssemblies(),
                name =>
                    name.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal)
                    || name.Name == (assembly == "MLNetExtensions.Onnx" ? "MLNetExtensions.Imaging" : "MLNetExtensions.Onnx")
            );
    }

    private static string[] FoldersOf(string assembly) =>
        assembly switch
        {
            "MLNetExtensions.Onnx" => OnnxFolders,
            "MLNetExtensions.Imaging" => ImagingFolders,
            _ => Folders,
        };

    private static Assembly Of(string assembly) =>
        (
            assembly switch
            {
                "MLNetExtensions.Onnx" => typeof(OnnxGraph),
                "MLNetExtensions.Imaging" => typeof(ImagePreprocessing),
                _ => typeof(VisionOperationsCatalog),
            }
        ).Assembly;
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MLNetExtensions.ModelBuilder.Programs;

/// <summary>Compiles C# as the SDK does for a program of a Model Builder project.</summary>
internal static class CompiledProgram
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>Compiles a program or a library.</summary>
    /// <param name="assembly">The file to write.</param>
    /// <param name="references">The files of the assemblies that the code may use.</param>
    /// <param name="sources">The files of code.</param>
    /// <param name="isProgram">False for a library.</param>
    /// <returns>The errors and warnings.</returns>
    public static IReadOnlyList<string> Compile(
        string assembly,
        IEnumerable<string> references,
        IEnumerable<string> sources,
        bool isProgram = true
    )
    {
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(assembly),
            [Parse(ImplicitUsings, ""), .. sources.Select(s => Parse(File.ReadAllText(s), s))],
            references.Select(r => MetadataReference.CreateFromFile(r)),
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        return [.. compilation.Emit(assembly).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString())];
    }

    /// <summary>The assemblies of the shared frameworks that programs run on.</summary>
    /// <param name="names">Such as Microsoft.NETCore.App.</param>
    public static IEnumerable<string> Framework(params string[] names)
    {
        string core = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string shared = Path.GetDirectoryName(Path.GetDirectoryName(core))!;
        foreach (string name in names)
        foreach (string file in Directory.EnumerateFiles(Path.Combine(shared, name, Path.GetFileName(core)), "*.dll"))
            if (IsManaged(file))
                yield return file;
    }

    public static bool IsManaged(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using var reader = new System.Reflection.PortableExecutable.PEReader(stream);
        return reader.HasMetadata;
    }

    private static SyntaxTree Parse(string code, string path) =>
        CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Latest), path);
}

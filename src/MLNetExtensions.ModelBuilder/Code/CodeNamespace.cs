using System.Text.RegularExpressions;

namespace MLNetExtensions.ModelBuilder.Code;

/// <summary>Names in generated code, made as Model Builder makes them.</summary>
internal static partial class CodeNamespace
{
    /// <summary>
    /// The namespace of a project's generated code: that of the code that is there; else the project file's name; else none, as in the web
    /// API projects that Model Builder generates.
    /// </summary>
    /// <param name="consumptionFile">The generated code, which need not exist.</param>
    /// <param name="className">The generated class.</param>
    /// <returns>The namespace; empty for the global one.</returns>
    public static string Find(string consumptionFile, string className)
    {
        if (File.Exists(consumptionFile))
            return Declared().Match(File.ReadAllText(consumptionFile)) is { Success: true } found ? found.Groups["name"].Value : "";
        string[] projects =
        [
            .. Directory.EnumerateFiles(Path.GetDirectoryName(consumptionFile)!, "*.csproj").Order(StringComparer.Ordinal),
        ];
        string name = projects.Length == 0 ? "" : Path.GetFileNameWithoutExtension(projects[0]);
        return name.StartsWith($"{className}_WebApi", StringComparison.Ordinal) ? "" : Identifier(name, upperFirst: true);
    }

    /// <summary>A name of which every character that C# does not allow is an underscore; empty for an empty one.</summary>
    public static string Identifier(string name, bool upperFirst = false)
    {
        string valid = NotInNames().Replace(name, "_");
        if (valid.Length == 0)
            return valid;
        if (char.IsDigit(valid[0]))
            return $"_{valid}";
        return upperFirst ? char.ToUpperInvariant(valid[0]) + valid[1..] : valid;
    }

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();

    [GeneratedRegex(@"[^\p{L}\p{Nd}_]", RegexOptions.ExplicitCapture)]
    private static partial Regex NotInNames();
}

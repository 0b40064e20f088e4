using System.IO.Enumeration;

namespace MLNetExtensions.Data.Sources;

/// <summary>Selects the files that count as images: by extension, then by patterns on the path below the root.</summary>
internal sealed class ImageFilter(IReadOnlyList<string> extensions, IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    private readonly HashSet<string> _extensions = new(
        extensions.Select(extension => "." + extension.TrimStart('.')),
        StringComparer.OrdinalIgnoreCase
    );

    /// <param name="relative">The path below the root, separated by '/'.</param>
    public bool Accepts(string relative) => _extensions.Contains(Path.GetExtension(relative)) && IsWanted(relative);

    /// <summary>True if the include and exclude patterns accept a file, whatever its extension.</summary>
    /// <param name="relative">The path below the root, separated by '/'.</param>
    public bool IsWanted(string relative)
    {
        return (include.Count == 0 || include.Any(Matches)) && !exclude.Any(Matches);

        bool Matches(string pattern) => FileSystemName.MatchesSimpleExpression(pattern, relative, ignoreCase: true);
    }

    /// <summary>Describes the patterns, for messages.</summary>
    public override string ToString() =>
        $"*.{string.Join(", *.", extensions)}"
        + (include.Count > 0 ? $"; included: {string.Join(", ", include)}" : "")
        + (exclude.Count > 0 ? $"; excluded: {string.Join(", ", exclude)}" : "");
}

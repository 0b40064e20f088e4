using System.Globalization;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Finds the class names of a data set in YOLO's format.</summary>
internal static class YoloClassNames
{
    private static readonly string[] Lists = ["classes.txt", "obj.names"],
        Yaml = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];

    /// <summary>Reads the names from the folder, its labels, or the folder above.</summary>
    /// <exception cref="InvalidDataException">There is no such file, or it is malformed; the message names it.</exception>
    public static ClassIndex Find(string folder)
    {
        string[] folders = [folder, Path.Combine(folder, "labels"), Path.GetDirectoryName(folder) ?? folder];
        foreach (string place in folders)
        {
            if (Yaml.Select(name => Path.Combine(place, name)).FirstOrDefault(File.Exists) is { } yaml)
                return new ClassIndex(ReadYaml(yaml), $"'{yaml}'");
            if (Lists.Select(name => Path.Combine(place, name)).FirstOrDefault(File.Exists) is { } list)
                return new ClassIndex([.. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0)], $"'{list}'");
        }
        throw new InvalidDataException(
            $"The folder '{folder}' has no class names: there is neither data.yaml nor classes.txt nor obj.names in it, in its labels or "
                + $"above it. Set {nameof(LoadYoloOptions)}.Classes."
        );
    }

    /// <summary>Reads the entry <c>names</c>, in the forms that data sets have: a list in brackets or in lines, or numbers with
    /// names.</summary>
    private static List<string> ReadYaml(string file)
    {
        string[] lines = [.. File.ReadLines(file).Select(WithoutComment)];
        int at = Array.FindIndex(lines, line => line.StartsWith("names:", StringComparison.Ordinal));
        if (at < 0)
            throw Wrong(file, 1, "it has no entry 'names'");
        string rest = lines[at]["names:".Length..].Trim();
        if (rest.StartsWith('[') || rest.StartsWith('{'))
            return Flow(file, at, lines, rest);
        if (rest.Length > 0)
            throw Wrong(file, at + 1, $"'names' is '{rest}'. Expected a list");
        List<string> names = [];
        for (int i = at + 1; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0)
                continue;
            if (line.StartsWith("- ", StringComparison.Ordinal))
                names.Add(Unquoted(line[2..]));
            else if (!char.IsWhiteSpace(lines[i][0]))
                break;
            else
                names.Add(Numbered(file, i, line, names.Count));
        }
        return names;
    }

    private static List<string> Flow(string file, int at, string[] lines, string rest)
    {
        char end = rest[0] == '[' ? ']' : '}';
        for (int i = at + 1; i < lines.Length && !rest.EndsWith(end); i++)
            rest += " " + lines[i].Trim();
        if (!rest.EndsWith(end))
            throw Wrong(file, at + 1, $"the list of 'names' has no '{end}'");
        List<string> names = [];
        foreach (string item in Items(rest[1..^1]))
            names.Add(end == ']' ? Unquoted(item) : Numbered(file, at, item, names.Count));
        return names;
    }

    /// <summary>The items between commas that are not in quotes; a comma may end the last.</summary>
    private static IEnumerable<string> Items(string list)
    {
        char quote = '\0';
        int start = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && quote == '\0'))
            {
                string item = list[start..i].Trim();
                if (item.Length > 0 || i < list.Length)
                    yield return item;
                start = i + 1;
            }
            else if (quote == '\0' ? list[i] is '\'' or '"' && (i == 0 || list[i - 1] is ' ' or ',' or ':') : list[i] == quote)
                quote = quote == '\0' ? list[i] : '\0';
        }
    }

    private static string Numbered(string file, int at, string line, int expected)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(line[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index == expected
            ? Unquoted(line[(colon + 1)..])
            : throw Wrong(file, at + 1, $"'{line}' of 'names' is not '{expected}: name'");
    }

    private static string Unquoted(string text)
    {
        text = text.Trim();
        return text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1] : text;
    }

    // A number sign begins a comment after a space, outside of quotes.
    private static string WithoutComment(string line)
    {
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
            if (quote != '\0')
                quote = line[i] == quote ? '\0' : quote;
            else if (line[i] is '\'' or '"' && (i == 0 || line[i - 1] is ' ' or '[' or ',' or '{'))
                quote = line[i];
            else if (line[i] == '#' && (i == 0 || char.IsWhiteSpace(line[i - 1])))
                return line[..i];
        return line;
    }

    private static InvalidDataException Wrong(string file, int line, string what) =>
        new($"'{file}', line {line}: {what}. Mend it, or set {nameof(LoadYoloOptions)}.Classes.");
}

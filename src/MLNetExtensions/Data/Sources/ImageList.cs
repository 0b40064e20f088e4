using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MLNetExtensions.Data.Sources;

/// <summary>A list of images: named columns of texts.</summary>
/// <param name="Columns">The columns' names.</param>
/// <param name="Rows">A text for each column.</param>
/// <param name="Places">The place of each row in the file, for messages: "line 7".</param>
/// <param name="Separator">The separator of fields; null in JSON.</param>
internal sealed record ImageList(
    IReadOnlyList<string> Columns,
    IReadOnlyList<string[]> Rows,
    IReadOnlyList<string> Places,
    char? Separator = null
)
{
    /// <summary>Reads a list; its kind follows from the extension, and its separator from the first line.</summary>
    /// <exception cref="InvalidDataException">The file is no such list; the message names the line.</exception>
    public static ImageList Read(string path, bool hasHeader)
    {
        using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".csv" => ReadDelimited(text, ',', path, hasHeader),
                ".tsv" or ".tab" => ReadDelimited(text, '\t', path, hasHeader),
                ".json" => ReadJson(text, path),
                ".jsonl" or ".ndjson" => ReadJsonLines(text, path),
                string other => throw new InvalidDataException(
                    $"'{path}' ends in '{other}'; lists are .csv, .tsv, .json (an array of objects) or .jsonl (an object a line)."
                ),
            };
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{path}' is not UTF-8: {e.Message} Save the list as UTF-8.", e);
        }
    }

    private static ImageList ReadDelimited(TextReader text, char usual, string path, bool hasHeader)
    {
        char separator = FindSeparator(path, usual, out bool isStated);
        if (isStated)
            text.ReadLine();
        string[]? columns = null;
        int[] named = [];
        List<string[]> rows = [];
        List<string> places = [];
        foreach (DelimitedRecord record in new DelimitedReader(text, separator, $"'{path}'").ReadAll())
        {
            if (columns is null)
            {
                columns = hasHeader
                    ? [.. record.Fields.Select(name => name.Trim())]
                    : [.. record.Fields.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))];
                // Spreadsheets write columns that were cleared: they have no name.
                named = [.. Enumerable.Range(0, columns.Length).Where(i => columns[i].Length > 0)];
                string[] names = [.. named.Select(i => columns[i])];
                if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
                    throw new InvalidDataException($"'{path}': two columns have the same name ({string.Join(", ", names)}).");
                if (hasHeader)
                    continue;
            }
            // ... and rows that were cleared.
            if (record.Fields.All(string.IsNullOrWhiteSpace) && record.Fields.Length > 1)
                continue;
            if (record.Fields.Length != columns.Length)
                throw new InvalidDataException(
                    $"'{path}', line {record.Line}: {record.Fields.Length} fields, the columns are {columns.Length} "
                        + $"({string.Join(", ", columns)}), separated by {Shown(separator)}. "
                        + "Put fields that hold separators in quotes."
                );
            rows.Add(named.Length == columns.Length ? record.Fields : [.. named.Select(i => record.Fields[i])]);
            places.Add($"line {record.Line}");
        }
        return new ImageList(columns is null ? [] : [.. named.Select(i => columns[i])], rows, places, separator);
    }

    /// <summary>A separator as messages have it.</summary>
    public static string Shown(char separator) => separator == '\t' ? "tabs" : $"'{separator}'";

    /// <summary>
    /// Finds the separator of the first line's fields: the usual character, or, if it does not occur, semicolons (spreadsheets of countries
    /// with decimal commas) or tabs.
    /// </summary>
    private static char FindSeparator(string path, char usual, out bool isStated)
    {
        string first = File.ReadLines(path).FirstOrDefault() ?? "";
        // Excel's own way to say it; a line that is no row.
        isStated = first.Length == 5 && first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase);
        if (isStated)
            return first[4];
        bool isQuoted = false;
        int[] counts = new int[128];
        foreach (char c in first)
        {
            isQuoted ^= c == '"';
            if (!isQuoted && c < counts.Length)
                counts[c]++;
        }
        return counts[usual] > 0 ? usual
            : new[] { ';', '\t', ',' }.MaxBy(c => counts[c]) is var other && counts[other] > 0 ? other
            : usual;
    }

    private static ImageList ReadJson(TextReader text, string path)
    {
        using JsonDocument document = Parse(text.ReadToEnd(), $"'{path}'");
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"'{path}': expected an array of objects, got {document.RootElement.ValueKind}.");
        return FromObjects(document.RootElement.EnumerateArray().Select((element, i) => (element, $"item {i}")), path);
    }

    private static ImageList ReadJsonLines(TextReader text, string path)
    {
        List<JsonDocument> documents = [];
        List<string> places = [];
        try
        {
            int line = 0;
            while (text.ReadLine() is { } content)
            {
                line++;
                if (string.IsNullOrWhiteSpace(content))
                    continue;
                documents.Add(Parse(content, $"'{path}', line {line}"));
                places.Add($"line {line}");
            }
            return FromObjects(documents.Select((document, i) => (document.RootElement, places[i])), path);
        }
        finally
        {
            documents.ForEach(document => document.Dispose());
        }
    }

    /// <summary>Columns are all properties of all objects; where an object lacks one, its text is empty.</summary>
    private static ImageList FromObjects(IEnumerable<(JsonElement Element, string Place)> objects, string path)
    {
        OrderedDictionary<string, int> columns = [];
        List<Dictionary<int, string>> items = [];
        List<string> places = [];
        foreach ((JsonElement element, string place) in objects)
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException($"'{path}', {place}: expected an object with a path and a label, got {element.ValueKind}.");
            Dictionary<int, string> item = [];
            foreach (JsonProperty property in Properties(element, $"'{path}', {place}"))
            {
                // As in CSV: what has no name is no column.
                if (property.Name.Length == 0)
                    continue;
                if (!columns.TryGetValue(property.Name, out int column))
                    columns.Add(property.Name, column = columns.Count);
                item[column] = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => "",
                    JsonValueKind.String => property.Value.GetString()!,
                    _ => property.Value.GetRawText(),
                };
            }
            items.Add(item);
            places.Add(place);
        }
        List<string[]> rows = items.ConvertAll(item =>
        {
            string[] row = new string[columns.Count];
            for (int i = 0; i < row.Length; i++)
                row[i] = item.GetValueOrDefault(i, "");
            return row;
        });
        return new ImageList([.. columns.Keys], rows, places);
    }

    /// <summary>The properties of an object, all of whose texts can be read.</summary>
    private static List<JsonProperty> Properties(JsonElement element, string place)
    {
        List<JsonProperty> properties = [.. element.EnumerateObject()];
        try
        {
            properties.ForEach(property =>
                _ = property.Name + (property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : "")
            );
            return properties;
        }
        catch (InvalidOperationException e)
        {
            // Half of a pair of surrogates is valid JSON, but no text.
            throw new InvalidDataException($"{place}: a text that is no Unicode: {e.Message}", e);
        }
    }

    private static JsonDocument Parse(string text, string place)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{place}: no valid JSON: {e.Message}", e);
        }
    }
}

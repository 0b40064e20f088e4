using System.Text;
using System.Text.RegularExpressions;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to XML: elements and texts away, twice, elsewhere, nested, or with values that no reader waits for.</summary>
internal static partial class XmlMutation
{
    private static readonly string[] Values =
    [
        "",
        " ",
        "-1",
        "0",
        "1e30",
        "1e400",
        "NaN",
        "Infinity",
        "2147483648",
        "9223372036854775808",
        "x",
        "../../x",
        "/etc/passwd",
        "&#0;",
        "&#xD800;",
        "&amp;",
        "&e;",
        "<![CDATA[1]]>",
        "<!-- -->",
        "<a/>",
        "<x:a/>",
        "<?pi?>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY e \"&a;&a;&a;&a;\">]>",
        "<?xml version=\"1.0\" encoding=\"utf-32\"?>",
    ];

    public static byte[] Mutate(byte[] input, Random random)
    {
        if (random.Next(8) == 0)
            return ByteMutation.Mutate(input, random);
        string text = Encoding.UTF8.GetString(input);
        MatchCollection tokens = Token().Matches(text);
        if (tokens.Count == 0)
            return ByteMutation.Mutate(input, random);
        Match token = tokens[random.Next(tokens.Count)],
            other = tokens[random.Next(tokens.Count)];
        // A whole element, not its tag alone.
        int length = random.Next(2) == 0 && Closing(text, token) is { } end ? end - token.Index : token.Length;
        string whole = text.Substring(token.Index, length);
        string changed = random.Next(8) switch
        {
            0 => "",
            1 => whole + whole,
            2 => other.Value,
            3 => whole + other.Value,
            4 when random.Next(20) == 0 => string.Concat(Enumerable.Repeat("<a>", 20_000)) + whole,
            4 => $"<a>{whole}</a>",
            5 => $"{Values[random.Next(Values.Length)]}{whole}",
            _ => Values[random.Next(Values.Length)],
        };
        return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, token.Index), changed, text.AsSpan(token.Index + length)));
    }

    /// <summary>The end of the element that a tag opens; null if it opens none.</summary>
    private static int? Closing(string text, Match tag)
    {
        string name = tag.Groups[1].Value;
        if (name.Length == 0)
            return null;
        int at = text.IndexOf($"</{name}>", tag.Index, StringComparison.Ordinal);
        return at < 0 ? null : at + name.Length + 3;
    }

    [GeneratedRegex("<([a-z]+)[^<>]*>|<[^<>]*>|[^<>\\s][^<>]*")]
    private static partial Regex Token();
}

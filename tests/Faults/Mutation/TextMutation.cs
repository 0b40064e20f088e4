using System.Text;
using System.Text.RegularExpressions;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>Damage to JSON and other texts: values, types and names, so that most of it is text of its format still.</summary>
internal static partial class TextMutation
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "-1",
        "2",
        "0.5",
        "1e-7",
        "1e-30",
        "1e30",
        "1e400",
        "-1e400",
        "NaN",
        "\"NaN\"",
        "\"Infinity\"",
        "65536",
        "2147483647",
        "2147483648",
        "-2147483648",
        "4294967296",
        "9223372036854775807",
        "1e18",
        "\"\"",
        "\"x\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"../../x\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[1,2,3]",
        "{\"a\":null}",
        "[0,0,0]",
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
        int length = token.Length;
        // A whole object or list, not its bracket alone.
        if (token.Value is "{" or "[" && random.Next(2) == 0)
            length = Closing(tokens, token) - token.Index;
        string changed = random.Next(7) switch
        {
            0 => "",
            1 => token.Value + "," + other.Value,
            2 => other.Value,
            3 when double.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out double number) => (
                number * Math.Pow(10, random.Next(-9, 10)) * (random.Next(3) - 1)
            ).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            4 => "null",
            _ => Values[random.Next(Values.Length)],
        };
        return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, token.Index), changed, text.AsSpan(token.Index + length)));
    }

    /// <summary>The end of what a bracket opens.</summary>
    private static int Closing(MatchCollection tokens, Match opening)
    {
        int depth = 0;
        foreach (Match token in tokens.Where(t => t.Index >= opening.Index))
        {
            depth +=
                token.Value is "{" or "[" ? 1
                : token.Value is "}" or "]" ? -1
                : 0;
            if (depth == 0)
                return token.Index + token.Length;
        }
        return opening.Index + opening.Length;
    }

    [GeneratedRegex(
        """
            "(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[{}\[\],:]
            """
    )]
    private static partial Regex Token();
}

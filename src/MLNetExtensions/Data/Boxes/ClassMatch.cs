namespace MLNetExtensions.Data.Boxes;

/// <summary>Classes of one set of rows among those of another, by their names.</summary>
internal static class ClassMatch
{
    /// <summary>The places of classes among others.</summary>
    /// <param name="known">The names to find them in.</param>
    /// <param name="given">The names.</param>
    /// <exception cref="ArgumentException">A class is not among them.</exception>
    public static int[] Of(IReadOnlyList<string> known, IReadOnlyList<string> given)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int place, string name) in known.Index())
            places.TryAdd(name, place);
        string[] unknown = [.. given.Where(name => !places.ContainsKey(name))];
        return unknown.Length == 0
            ? [.. given.Select(name => places[name])]
            : throw new ArgumentException(
                $"The validation set has classes that the training rows' labels do not have: {Shown(unknown)}. Those of the training rows are "
                    + $"{Shown(known)}. Load both with the same list of classes, or leave such objects out."
            );
    }

    private static string Shown(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(10).Select(name => $"'{name}'")) + (names.Count > 10 ? ", ..." : "");
}

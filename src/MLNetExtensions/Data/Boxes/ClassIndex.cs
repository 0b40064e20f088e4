namespace MLNetExtensions.Data.Boxes;

/// <summary>The classes of a source, by name.</summary>
internal sealed class ClassIndex
{
    private readonly Dictionary<string, int> _byName;

    /// <param name="names">The names, in the order of the keys.</param>
    /// <param name="origin">The file or option that they come from, for messages.</param>
    /// <exception cref="InvalidDataException">There are none, one is empty, or two are equal.</exception>
    public ClassIndex(IReadOnlyList<string> names, string origin)
    {
        if (names.Count == 0)
            throw new InvalidDataException($"{origin} names no classes. Expected one or more.");
        _byName = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
                throw new InvalidDataException($"{origin}: the name of class {i} is empty.");
            if (!_byName.TryAdd(names[i], i))
                throw new InvalidDataException($"{origin} names the class '{names[i]}' twice. Expected different names.");
        }
        Names = names;
    }

    /// <summary>The names, in the order of the keys.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The class of a name; null if there is none.</summary>
    public int? Of(string name) => _byName.TryGetValue(name, out int index) ? index : null;

    /// <summary>The names as an end of a message.</summary>
    public override string ToString() => string.Join(", ", Names.Take(8)) + (Names.Count > 8 ? ", ..." : "");
}

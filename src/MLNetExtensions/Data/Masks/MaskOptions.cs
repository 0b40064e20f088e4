using System.Globalization;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Data.Masks;

/// <summary>Options of masks as classes and the meaning of pixels.</summary>
internal static class MaskOptions
{
    private const int MostClasses = 256;

    /// <exception cref="ArgumentException">Classes or colors do not fit together; the message names them.</exception>
    public static MaskClasses Classes(LoadMasksOptions options)
    {
        ClassIndex names;
        try
        {
            names = new ClassIndex([.. options.Classes], nameof(LoadMasksOptions.Classes));
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException(e.Message, nameof(options), e);
        }
        int count = names.Names.Count;
        if (count > MostClasses)
            throw new ArgumentException($"There are {count} classes. Expected {MostClasses} at most, an index each.", nameof(options));
        if (options.IgnoredIndex is < 0 or > 255)
            throw new ArgumentException($"IgnoredIndex is {options.IgnoredIndex}. Expected 0 to 255, or null.", nameof(options));
        return new MaskClasses(
            names.Names,
            new MaskFormat
            {
                ClassCount = count,
                IgnoredIndex = options.IgnoredIndex,
                Colors = options.Colors is { } colors ? ByColor(names, colors, options) : null,
            }
        );
    }

    private static Dictionary<uint, byte> ByColor(ClassIndex names, IReadOnlyDictionary<string, string> colors, LoadMasksOptions options)
    {
        Dictionary<uint, byte> byColor = [];
        foreach ((string name, string text) in colors)
        {
            int index =
                names.Of(name)
                ?? throw new ArgumentException($"Colors names '{name}', which is none of Classes ({names}).", nameof(options));
            Add(byColor, name, text, (byte)index);
        }
        if (names.Names.FirstOrDefault(name => !colors.ContainsKey(name)) is { } missing)
            throw new ArgumentException($"Colors has no color of the class '{missing}'. Expected one for each class.", nameof(options));
        if (options.IgnoredColor is { } ignored)
            Add(
                byColor,
                nameof(options.IgnoredColor),
                ignored,
                (byte)(
                    options.IgnoredIndex
                    ?? throw new ArgumentException("IgnoredColor is set, but IgnoredIndex is null. Set both or none.", nameof(options))
                )
            );
        return byColor;
    }

    private static void Add(Dictionary<uint, byte> byColor, string name, string text, byte index)
    {
        if (
            text is not ['#', _, _, _, _, _, _]
            || !uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint color)
        )
            throw new ArgumentException($"The color of '{name}' is '{text}'. Expected #RRGGBB, as #804000.", "options");
        if (!byColor.TryAdd(color, index))
            throw new ArgumentException($"The color {text} of '{name}' is another's too. Expected a color for each.", "options");
    }
}

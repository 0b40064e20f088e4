using System.Globalization;
using System.Reflection;
using MLNetExtensions.Hosting;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.Tool.Settings;

/// <summary>Texts as values of the trainer's options.</summary>
internal static class SettingText
{
    /// <summary>True for types whose values are words or numbers.</summary>
    public static bool CanParse(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(IReadOnlyList<float>);
    }

    /// <summary>The value that a text stands for.</summary>
    /// <param name="type">The property's type.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is no such value; the message says what is: "one of sgd, adam".</exception>
    public static object? Parse(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(FineTuneLayers))
            return text switch
            {
                "head" => FineTuneLayers.Head,
                "all" => FineTuneLayers.All,
                _ => FineTuneLayers.LastStages(int.Parse(text, CultureInfo.InvariantCulture)),
            };
        if (ItemOf(type) is not { } item)
            return CanParse(type) ? ParseWord(type, text) : ParseVariant(type, text);
        object[] items = [.. text.Split('+', StringSplitOptions.TrimEntries).Select(part => ParseVariant(item, part))];
        Array list = Array.CreateInstance(item, items.Length);
        Array.Copy(items, list, items.Length);
        return list;
    }

    /// <summary>The type of the items of a list of kinds: <c>mosaic+copy-paste</c>; null for another type.</summary>
    public static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && !CanParse(type)
            ? type.GetGenericArguments()[0]
            : null;

    private static object ParseWord(Type type, string text)
    {
        if (type == typeof(string))
            return text;
        if (type == typeof(IReadOnlyList<float>))
            return text.Split(',').Select(item => (float)ParseWord(typeof(float), item)).ToArray();
        if (type.IsEnum)
            return Enum.GetNames(type).FirstOrDefault(name => SettingName.AreEqual(name, text)) is { } found
                ? Enum.Parse(type, found)
                : throw new FormatException($"one of {string.Join(", ", Enum.GetNames(type).Select(SettingName.Of))}");
        try
        {
            return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new FormatException(
                type == typeof(bool) ? "true or false"
                    : type == typeof(float) || type == typeof(double) ? "a number"
                    : "a whole number that is not too large",
                error
            );
        }
    }

    /// <summary>A word, with properties after it: <c>sgd,momentum=0.9</c>. Types without kinds need no word: <c>patience=3</c> or <c>3</c>.</summary>
    private static object ParseVariant(Type type, string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        IReadOnlyList<VariantWord> words = VariantTypes.Of(type);
        if (type.IsSealed && words is [{ Type: { } only }])
            return Create(only, parts is ["true"] ? [] : parts);
        VariantWord word =
            words.FirstOrDefault(w => SettingName.AreEqual(w.Word, parts[0]))
            ?? throw new FormatException(
                NearestName.Of(parts[0], words.Select(w => w.Word)) is { } nearest
                    ? $"{nearest}, or another of the kinds that 'mlnetx train --help-all' shows"
                    : $"one of {string.Join(", ", words.Select(w => w.Word))}"
            );
        if (word.Type is not null)
            return Create(word.Type, parts[1..]);
        return parts.Length == 1 ? word.Value!() : throw new FormatException($"{word.Word} alone, which has no properties");
    }

    private static object Create(Type type, string[] assignments)
    {
        ConstructorInfo constructor = VariantTypes.ConstructorOf(type)!;
        ParameterInfo[] parameters = constructor.GetParameters();
        PropertyInfo[] properties = [.. type.GetProperties().Where(p => p.CanWrite && CanParse(p.PropertyType) && p.SetMethod!.IsPublic)];
        var given = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < assignments.Length; i++)
        {
            string[] sides = assignments[i].Split('=', 2, StringSplitOptions.TrimEntries);
            // The first value may go without its name.
            PropertyInfo? property =
                sides.Length == 2 ? properties.FirstOrDefault(p => SettingName.AreEqual(p.Name, sides[0]))
                : i == 0 ? properties.FirstOrDefault(p => p.Name == (parameters.FirstOrDefault()?.Name ?? properties[0].Name))
                : null;
            if (property is null)
                throw new FormatException($"with properties of these: {string.Join(", ", properties.Select(p => SettingName.Of(p.Name)))}");
            try
            {
                given[property.Name] = ParseWord(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, sides[^1]);
            }
            catch (FormatException error)
            {
                throw new FormatException($"such that {SettingName.Of(property.Name)} is {error.Message}", error);
            }
        }
        if (parameters.FirstOrDefault(p => !p.HasDefaultValue && !given.ContainsKey(p.Name!)) is { } missing)
            throw new FormatException($"with {SettingName.Of(missing.Name!)}=...");
        object made = constructor.Invoke([
            .. parameters.Select(p => given.TryGetValue(p.Name!, out object? value) ? value : p.DefaultValue),
        ]);
        foreach (PropertyInfo property in properties)
            if (given.TryGetValue(property.Name, out object? value) && parameters.All(p => p.Name != property.Name))
                property.SetValue(made, value);
        return made;
    }
}

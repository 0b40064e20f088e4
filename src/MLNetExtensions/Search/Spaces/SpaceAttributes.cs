using System.Reflection;
using Microsoft.ML.SearchSpace;

namespace MLNetExtensions.Search.Spaces;

/// <summary>
/// Reads the dimensions that the properties of an options class carry as attributes: <see cref="RangeAttribute"/>,
/// <see cref="ChoiceAttribute"/>, <see cref="BooleanChoiceAttribute"/>, and <see cref="NestOptionAttribute"/> for options in options.
/// </summary>
internal static class SpaceAttributes
{
    /// <summary>The dimensions of a class, in the order of the names.</summary>
    /// <exception cref="ArgumentException">An attribute does not fit its property.</exception>
    public static IEnumerable<Dimension> Read(Type type) => Read(type, []).OrderBy(dimension => dimension.Name, StringComparer.Ordinal);

    private static IEnumerable<Dimension> Read(Type type, PropertyInfo[] way)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            PropertyInfo[] inner = [.. way, property];
            if (property.IsDefined(typeof(NestOptionAttribute)))
            {
                if (way.Any(outer => outer.PropertyType == property.PropertyType))
                    throw new ArgumentException($"{new OptionPath(inner).Name} nests {property.PropertyType.Name} in itself.");
                foreach (Dimension dimension in Read(property.PropertyType, inner))
                    yield return dimension;
            }
            else if (Of(property, new OptionPath(inner)) is { } dimension)
                yield return dimension;
        }
    }

    private static Dimension? Of(PropertyInfo property, OptionPath option)
    {
        Dimension? found = null;
        foreach (Attribute attribute in property.GetCustomAttributes())
        {
            Dimension? dimension = attribute switch
            {
                RangeAttribute range => OfRange(range, option),
                ChoiceAttribute choice => OfChoice(choice, option),
                BooleanChoiceAttribute => option.ValueType == typeof(bool)
                    ? new ChoiceDimension(option, [false, true])
                    : throw Mismatch(option, attribute, "true and false"),
                _ => null,
            };
            if (dimension is null)
                continue;
            if (found is not null)
                throw new ArgumentException($"{option.Name} has several attributes of the space. Leave one.");
            if (!property.CanRead || property.SetMethod is not { IsPublic: true })
                throw new ArgumentException($"{option.Name} has {attribute.GetType().Name} and cannot be set. Give it a public setter.");
            found = dimension;
        }
        return found;
    }

    private static Dimension OfRange(RangeAttribute range, OptionPath option) =>
        // The type of the literals must be the property's: Microsoft.ML.AutoML draws whole numbers for [Range(-10, 10)], whatever the property.
        (range.Min, range.Max) switch
        {
            (int min, int max) when option.ValueType == typeof(int) => new NumberDimension<int>(option, min, max, range.LogBase),
            (float min, float max) when option.ValueType == typeof(float) => new NumberDimension<float>(option, min, max, range.LogBase),
            (double min, double max) when option.ValueType == typeof(double) => new NumberDimension<double>(
                option,
                min,
                max,
                range.LogBase
            ),
            _ => throw Mismatch(option, range, $"a range of {range.Min.GetType().Name}"),
        };

    private static ChoiceDimension OfChoice(ChoiceAttribute choice, OptionPath option) =>
        choice.Candidates.All(option.ValueType.IsInstanceOfType)
            ? new ChoiceDimension(option, choice.Candidates)
            : throw Mismatch(
                option,
                choice,
                $"values of {choice.Candidates.First(c => !option.ValueType.IsInstanceOfType(c)).GetType().Name}"
            );

    private static ArgumentException Mismatch(OptionPath option, Attribute attribute, string given) =>
        new(
            $"{option.Name} is {option.ValueType.Name}, and its {attribute.GetType().Name} gives {given}. Write literals of the property's "
                + "type: 1 for Int32, 1f for Single, 1.0 for Double."
        );
}

using System.Reflection;

namespace MLNetExtensions.Search.Spaces;

/// <summary>Copies options, so that each trial has its own.</summary>
internal static class OptionCopy
{
    /// <summary>A new object with the values of all public properties that can be read and set.</summary>
    /// <param name="options">The object to copy, whose type has a public constructor without parameters.</param>
    /// <exception cref="ArgumentException">The type has no such constructor.</exception>
    public static object Of(object options)
    {
        Type type = options.GetType();
        ConstructorInfo constructor =
            type.GetConstructor(Type.EmptyTypes)
            ?? throw new ArgumentException(
                $"{type.Name} has no public constructor without parameters, so that it cannot be copied for each trial. Give it one."
            );
        object copy = constructor.Invoke(null);
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property is { CanRead: true, SetMethod.IsPublic: true } && property.GetIndexParameters().Length == 0)
                property.SetValue(copy, property.GetValue(options));
        return copy;
    }
}

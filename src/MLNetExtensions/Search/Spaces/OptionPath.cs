using System.Linq.Expressions;
using System.Reflection;

namespace MLNetExtensions.Search.Spaces;

/// <summary>The way from an options object to one of its properties, or to a property of options nested in it.</summary>
internal sealed class OptionPath
{
    private readonly PropertyInfo[] _properties;

    public OptionPath(IEnumerable<PropertyInfo> properties) => _properties = [.. properties];

    /// <summary>The names on the way, joined by dots.</summary>
    public string Name => string.Join('.', _properties.Select(property => property.Name));

    /// <summary>The option's type; of a nullable one the type of its values.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(_properties[^1].PropertyType) ?? _properties[^1].PropertyType;

    /// <summary>The nested options on the way, from the outermost.</summary>
    public IEnumerable<OptionPath> Nests => Enumerable.Range(1, _properties.Length - 1).Select(n => new OptionPath(_properties[..n]));

    /// <summary>Reads the way from an expression.</summary>
    /// <param name="selector">An expression such as <c>options => options.LearningRate</c>.</param>
    /// <exception cref="ArgumentException">It is something else than a property that can be read and set.</exception>
    public static OptionPath Of(LambdaExpression selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        var properties = new Stack<PropertyInfo>();
        Expression? expression = selector.Body;
        while (true)
        {
            while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion)
                expression = conversion.Operand;
            if (expression is not MemberExpression { Member: PropertyInfo property } member)
                break;
            if (!property.CanRead || !property.CanWrite)
                throw new ArgumentException($"'{selector}' names the property {property.Name}, which cannot be set.", nameof(selector));
            properties.Push(property);
            expression = member.Expression;
        }
        return expression is ParameterExpression && properties.Count > 0
            ? new OptionPath(properties)
            : throw new ArgumentException(
                $"'{selector}' is no property of the options. Name one, such as options => options.LearningRate.",
                nameof(selector)
            );
    }

    /// <summary>The option's value.</summary>
    /// <exception cref="ArgumentException">Options on the way to it are null.</exception>
    public object? Get(object options) => _properties[^1].GetValue(Owner(options));

    /// <summary>Sets the option.</summary>
    /// <exception cref="ArgumentException">Options on the way to it are null.</exception>
    public void Set(object options, object? value) => _properties[^1].SetValue(Owner(options), value);

    private object Owner(object options)
    {
        object owner = options;
        foreach (PropertyInfo property in _properties.AsSpan(0, _properties.Length - 1))
            owner =
                property.GetValue(owner)
                ?? throw new ArgumentException(
                    $"{Name} cannot be set: {property.Name} is null in the defaults of the space. Give it options there."
                );
        return owner;
    }
}

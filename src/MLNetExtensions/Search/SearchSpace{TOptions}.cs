using System.Linq.Expressions;
using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search;

/// <summary>
/// The hyper-parameters to search, and the values of all other options. It does not change: each method returns a new space.
/// </summary>
/// <example>
/// <code>
/// var space = new SearchSpace&lt;TrainNetworkOptions&gt;(new TrainNetworkOptions { Network = new ResNet9(), Epochs = 27 })
///     .Range(o => o.LearningRate, 1e-4f, 1e-1f, logBase: true)
///     .Choice(o => o.BatchSize, 16, 32, 64);
/// </code>
/// </example>
/// <typeparam name="TOptions">
/// The options: a trainer's, or a class of your own with public properties and a public constructor without parameters.
/// </typeparam>
public sealed class SearchSpace<TOptions>
    where TOptions : class, new()
{
    private readonly TOptions _defaults;
    private readonly Dimension[] _dimensions;

    /// <summary>Creates a space without hyper-parameters; add them by <c>Range</c>, <c>Choice</c> and <c>Boolean</c>.</summary>
    /// <param name="defaults">The values of options that are not searched; copied. Null for those of a new object.</param>
    public SearchSpace(TOptions? defaults = null)
        : this((TOptions)OptionCopy.Of(defaults ?? new TOptions()), []) { }

    private SearchSpace(TOptions defaults, Dimension[] dimensions) => (_defaults, _dimensions) = (defaults, dimensions);

    /// <summary>The names of the hyper-parameters, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. _dimensions.Select(dimension => dimension.Name)];

    /// <summary>The number of hyper-parameters.</summary>
    public int Count => _dimensions.Length;

    internal IReadOnlyList<Dimension> Dimensions => _dimensions;

    /// <summary>A space with the dimensions that attributes declare.</summary>
    internal static SearchSpace<TOptions> Of(TOptions? defaults, Dimension[] dimensions) =>
        new SearchSpace<TOptions>(new SearchSpace<TOptions>(defaults)._defaults, dimensions).CheckNests();

    /// <summary>Adds a whole number, or replaces the values that it had.</summary>
    /// <param name="option">The option, such as <c>o => o.BatchSize</c>.</param>
    /// <param name="min">The lowest value.</param>
    /// <param name="max">The highest value; it is drawn as often as the others.</param>
    /// <param name="logBase">True to draw evenly in the logarithm: 1 to 10 as often as 10 to 100.</param>
    /// <exception cref="ArgumentException">It is no property that can be set, or the range is empty or not positive with
    /// <paramref name="logBase"/>.</exception>
    public SearchSpace<TOptions> Range(Expression<Func<TOptions, int>> option, int min, int max, bool logBase = false) =>
        AddRange(OptionPath.Of(option), min, max, logBase);

    /// <inheritdoc cref="Range(Expression{Func{TOptions, int}}, int, int, bool)"/>
    public SearchSpace<TOptions> Range(Expression<Func<TOptions, int?>> option, int min, int max, bool logBase = false) =>
        AddRange(OptionPath.Of(option), min, max, logBase);

    /// <summary>Adds a number, or replaces the values that it had.</summary>
    /// <param name="option">The option, such as <c>o => o.LearningRate</c>.</param>
    /// <param name="min">The lowest value.</param>
    /// <param name="max">The highest value.</param>
    /// <param name="logBase">True to draw evenly in the logarithm: 1e-4 to 1e-3 as often as 1e-3 to 1e-2. Right for learning rates.</param>
    /// <exception cref="ArgumentException">It is no property that can be set, or the range is empty, not finite, or not positive with
    /// <paramref name="logBase"/>.</exception>
    public SearchSpace<TOptions> Range(Expression<Func<TOptions, float>> option, float min, float max, bool logBase = false) =>
        AddRange(OptionPath.Of(option), min, max, logBase);

    /// <inheritdoc cref="Range(Expression{Func{TOptions, float}}, float, float, bool)"/>
    public SearchSpace<TOptions> Range(Expression<Func<TOptions, float?>> option, float min, float max, bool logBase = false) =>
        AddRange(OptionPath.Of(option), min, max, logBase);

    /// <inheritdoc cref="Range(Expression{Func{TOptions, float}}, float, float, bool)"/>
    public SearchSpace<TOptions> Range(Expression<Func<TOptions, double>> option, double min, double max, bool logBase = false) =>
        AddRange(OptionPath.Of(option), min, max, logBase);

    /// <inheritdoc cref="Range(Expression{Func{TOptions, float}}, float, float, bool)"/>
    public SearchSpace<TOptions> Range(Expression<Func<TOptions, double?>> option, double min, double max, bool logBase = false) =>
        AddRange(OptionPath.Of(option), min, max, logBase);

    /// <summary>Adds a choice among values without an order, or replaces the values that it had.</summary>
    /// <param name="option">The option, such as <c>o => o.Optimizer</c>.</param>
    /// <param name="values">The values, two or more: numbers, texts, or objects that their ToString tells apart.</param>
    /// <exception cref="ArgumentException">It is no property that can be set, there are fewer than two values, or two are
    /// alike.</exception>
    public SearchSpace<TOptions> Choice<TValue>(Expression<Func<TOptions, TValue>> option, params TValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return With(new ChoiceDimension(OptionPath.Of(option), values.Cast<object?>()));
    }

    /// <summary>Adds a choice between false and true.</summary>
    /// <param name="option">The option, such as <c>o => o.UseWeightedSampling</c>.</param>
    /// <exception cref="ArgumentException">It is no property that can be set.</exception>
    public SearchSpace<TOptions> Boolean(Expression<Func<TOptions, bool>> option) =>
        With(new ChoiceDimension(OptionPath.Of(option), [false, true]));

    /// <summary>Takes a hyper-parameter out: the option keeps the value of the defaults.</summary>
    /// <param name="option">The option.</param>
    /// <exception cref="ArgumentException">It is not in the space.</exception>
    public SearchSpace<TOptions> Without<TValue>(Expression<Func<TOptions, TValue>> option)
    {
        string name = OptionPath.Of(option).Name;
        Dimension[] left = [.. _dimensions.Where(dimension => dimension.Name != name)];
        return left.Length < _dimensions.Length
            ? new SearchSpace<TOptions>(_defaults, left)
            : throw new ArgumentException($"{name} is not in the space, which has {string.Join(", ", Names)}.", nameof(option));
    }

    /// <summary>A copy of the defaults.</summary>
    internal TOptions CreateDefaults() => (TOptions)Copy(_dimensions);

    /// <summary>New options with the values of a point.</summary>
    /// <param name="point">A coordinate for each dimension.</param>
    internal TOptions CreateOptions(ReadOnlySpan<double> point)
    {
        TOptions options = CreateDefaults();
        for (int i = 0; i < _dimensions.Length; i++)
            _dimensions[i].Option.Set(options, _dimensions[i].ValueOf(point[i]));
        return options;
    }

    private object Copy(Dimension[] dimensions)
    {
        object options = OptionCopy.Of(_defaults);
        // The outermost first; options inside options are copied where something in them is set.
        IEnumerable<OptionPath> nests = dimensions.SelectMany(dimension => dimension.Option.Nests).DistinctBy(nest => nest.Name);
        foreach (OptionPath nest in nests.OrderBy(nest => nest.Name.Count(c => c == '.')))
            if (nest.Get(options) is { } inner)
                nest.Set(options, OptionCopy.Of(inner));
        return options;
    }

    private SearchSpace<TOptions> AddRange<T>(OptionPath option, T min, T max, bool logBase)
        where T : struct, System.Numerics.INumber<T>
    {
        if (option.ValueType == typeof(T))
            return With(new NumberDimension<T>(option, min, max, logBase));
        // The compiler widens: o => o.Dropout of a Single fits Func<T, double> where the ends are doubles.
        double low = double.CreateChecked(min),
            high = double.CreateChecked(max);
        return option.ValueType == typeof(float) ? With(new NumberDimension<float>(option, (float)low, (float)high, logBase))
            : option.ValueType == typeof(double) ? With(new NumberDimension<double>(option, low, high, logBase))
            : throw new ArgumentException(
                $"{option.Name} is {option.ValueType.Name}, and a range of {typeof(T).Name} does not fit. Use whole numbers, or Choice."
            );
    }

    private SearchSpace<TOptions> With(Dimension dimension)
    {
        int place = Array.FindIndex(_dimensions, existing => existing.Name == dimension.Name);
        Dimension[] dimensions = place < 0 ? [.. _dimensions, dimension] : [.. _dimensions];
        if (place >= 0)
            dimensions[place] = dimension;
        return new SearchSpace<TOptions>(_defaults, dimensions).CheckNests();
    }

    private SearchSpace<TOptions> CheckNests()
    {
        object copy = Copy(_dimensions);
        foreach (Dimension dimension in _dimensions)
            _ = dimension.Option.Get(copy);
        return this;
    }
}

using Microsoft.ML.SearchSpace;
using MLNetExtensions.Search.Spaces;

namespace MLNetExtensions.Search;

/// <summary>Makes spaces of hyper-parameters that options declare themselves; others are built from a new <see cref="SearchSpace{TOptions}"/>.</summary>
public static class SearchSpace
{
    /// <summary>
    /// Creates the space that the attributes of an options class declare: <see cref="RangeAttribute"/>, <see cref="ChoiceAttribute"/>,
    /// <see cref="BooleanChoiceAttribute"/> and, for options inside options, <see cref="NestOptionAttribute"/> of namespace
    /// Microsoft.ML.SearchSpace. The trainers' options carry them; an AutoML experiment of Microsoft.ML.AutoML reads the same ones.
    /// </summary>
    /// <param name="defaults">The values of options that are not searched; copied. Null for those of a new object.</param>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <exception cref="ArgumentException">No property has such an attribute, one does not fit its property, or a range is empty.</exception>
    public static SearchSpace<TOptions> FromAttributes<TOptions>(TOptions? defaults = null)
        where TOptions : class, new()
    {
        Dimension[] dimensions = [.. SpaceAttributes.Read(typeof(TOptions))];
        return dimensions.Length > 0
            ? SearchSpace<TOptions>.Of(defaults, dimensions)
            : throw new ArgumentException(
                $"No property of {typeof(TOptions).Name} has an attribute of Microsoft.ML.SearchSpace, such as [Range(1e-5f, 1e-2f, logBase: "
                    + "true)]. Add one, or build the space by new SearchSpace<T>().Range(...)."
            );
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Scoring;

/// <summary>A column that scoring adds.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">Its annotations.</param>
internal abstract record OutputColumn(string Name, DataViewType Type, DataViewSchema.Annotations Annotations)
{
    /// <summary>Makes the column's <see cref="ValueGetter{TValue}"/>.</summary>
    public abstract Delegate Getter(IScoreSource source);
}

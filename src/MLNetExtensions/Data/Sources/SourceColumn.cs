using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Sources;

/// <summary>A column of a <see cref="SourceView"/>.</summary>
internal abstract class SourceColumn(string name, DataViewType type)
{
    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    /// <summary>The annotations of the column; null for none.</summary>
    public DataViewSchema.Annotations? Annotations { get; init; }

    /// <summary>Makes the <see cref="ValueGetter{TValue}"/> of one cursor.</summary>
    public abstract Delegate Getter(SourceCursor cursor);
}

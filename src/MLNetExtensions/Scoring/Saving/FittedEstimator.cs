using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>Puts a transformer that is fitted already into a chain of estimators.</summary>
/// <param name="transformer">The transformer.</param>
/// <param name="column">The column that it adds.</param>
/// <param name="type">That column's type.</param>
internal sealed class FittedEstimator(ITransformer transformer, string column, DataViewType type) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input) => transformer;

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var added = new DataViewSchema.Builder();
        added.AddColumn(column, type);
        return SchemaShapes.Add(inputSchema, added.ToSchema());
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Data.Schema;

/// <summary>
/// Makes <see cref="SchemaShape"/>s from schemas. Its columns have no public constructor (dotnet/machinelearning#3243), but a chain of
/// estimators makes them publicly before it fits: it gives the shape of its data's schema to its estimators.
/// </summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema: kinds, item types and annotations of its columns, hidden ones left out.</summary>
    public static SchemaShape Of(DataViewSchema schema)
    {
        var capture = new CapturingEstimator();
        new EstimatorChain<ITransformer>().Append(capture).Fit(new EmptyView(schema));
        return capture.Captured!;
    }

    /// <summary>A shape with columns added; a column of a name already there takes its place, as in a schema.</summary>
    public static SchemaShape Add(SchemaShape shape, DataViewSchema added)
    {
        SchemaShape shapes = Of(added);
        HashSet<string> names = [.. shapes.Select(c => c.Name)];
        return new SchemaShape(shape.Where(c => !names.Contains(c.Name)).Concat(shapes));
    }

    /// <summary>The column of a name, or null.</summary>
    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        foreach (SchemaShape.Column column in shape)
            if (column.Name == name)
                return column;
        return null;
    }

    private sealed class CapturingEstimator : IEstimator<ITransformer>
    {
        public SchemaShape? Captured { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Captured = inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }
}

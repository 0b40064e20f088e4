using Microsoft.ML.Runtime;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Explanation;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring;
using MLNetExtensions.Trainers;

namespace Microsoft.ML;

/// <summary>Explains which places of images a model's scores come from.</summary>
public static class ExplanationCatalog
{
    /// <summary>Explains the scores of a model that was trained here: one explanation for each row, in order.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="model">The fitted trainer.</param>
    /// <param name="data">The images.</param>
    /// <param name="options">Method, class, columns; null for the defaults: Grad-CAM of the predicted class.</param>
    /// <returns>The explanations, computed batch by batch while they are read; so many images as may be.</returns>
    /// <exception cref="ArgumentException">The model cannot be explained so, or there is no such class or layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range, or the column of images is missing.</exception>
    /// <exception cref="MLNetExtensions.Imaging.InvalidImageException">An image cannot be read; thrown where it is reached.</exception>
    /// <example><code>
    /// foreach (ImageExplanation explanation in ml.Vision().Explain(model, photos))
    ///     explanation.Heatmap.Save($"{explanation.Row} {explanation.ClassName}.png");
    /// </code></example>
    public static IEnumerable<ImageExplanation> Explain(
        this VisionOperationsCatalog catalog,
        ImageTransformer model,
        IDataView data,
        ExplanationOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        return Explain(catalog.Context, model.Model, data, Checked(catalog.Context, options, model.FeatureColumnName));
    }

    /// <summary>Explains the scores of an ONNX model: one explanation for each row, in order.</summary>
    /// <param name="catalog">The catalog, <c>ml.Vision()</c>.</param>
    /// <param name="model">The model, such as <see cref="OnnxGraph.Load(string)"/> reads. Its first output is explained.</param>
    /// <param name="data">The images.</param>
    /// <param name="options">Method, class, columns, preprocessing; null for the defaults: Grad-CAM of the predicted class.</param>
    /// <inheritdoc cref="Explain(VisionOperationsCatalog, ImageTransformer, IDataView, ExplanationOptions?)"/>
    public static IEnumerable<ImageExplanation> Explain(
        this VisionOperationsCatalog catalog,
        OnnxGraph model,
        IDataView data,
        ExplanationOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        return Explain(catalog.Context, model, data, Checked(catalog.Context, options, DefaultColumnNames.ImagePath));
    }

    /// <summary>Adds explanations as columns: a map, and the image with the map laid over it.</summary>
    /// <param name="catalog">The catalog, <c>ml.Transforms</c>.</param>
    /// <param name="model">The fitted trainer whose scores are explained.</param>
    /// <param name="options">Method, class, columns; null for the defaults: Grad-CAM of the predicted class.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static ExplainImageEstimator ExplainImage(
        this TransformsCatalog catalog,
        ImageTransformer model,
        ExplanationOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        MLContext context = CatalogContext.Of(catalog);
        return new(context, model.Model, Checked(context, options, model.FeatureColumnName));
    }

    /// <summary>Adds explanations of an ONNX model as columns: a map, and the image with the map laid over it.</summary>
    /// <param name="catalog">The catalog, <c>ml.Transforms</c>.</param>
    /// <param name="model">The model. Its first output is explained.</param>
    /// <param name="options">Method, class, columns, preprocessing; null for the defaults: Grad-CAM of the predicted class.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static ExplainImageEstimator ExplainImage(this TransformsCatalog catalog, OnnxGraph model, ExplanationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        MLContext context = CatalogContext.Of(catalog);
        return new(context, model, Checked(context, options, DefaultColumnNames.ImagePath));
    }

    private static ExplanationOptions Checked(MLContext context, ExplanationOptions? options, string column)
    {
        options = options?.Clone() ?? new ExplanationOptions();
        options.Check();
        options.ImageColumnName ??= column;
        options.Seed ??= ((IHostEnvironment)context).Register(nameof(Explain)).Rand.Next();
        return options;
    }

    private static IEnumerable<ImageExplanation> Explain(MLContext context, OnnxGraph model, IDataView data, ExplanationOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        // Whatever is wrong shows now, not where the explanations are read.
        using (var trial = new ImageExplainer(context, model, options))
            _ = trial.ColumnOf(data.Schema, options.ImageColumnName!);
        return Read(context, model, data, options);
    }

    private static IEnumerable<ImageExplanation> Read(MLContext context, OnnxGraph model, IDataView data, ExplanationOptions options)
    {
        using var explainer = new ImageExplainer(context, model, options);
        ImageColumn column = explainer.ColumnOf(data.Schema, options.ImageColumnName!);
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column.Name]]);
        Func<long, byte[]> read = explainer.CanvasReader(cursor, column);
        var batch = new List<byte[]>();
        long first = 0;
        while (true)
        {
            bool isRow = cursor.MoveNext();
            if (isRow)
                batch.Add(read(cursor.Position));
            if (batch.Count == 0 || (isRow && batch.Count < explainer.Batch))
            {
                if (!isRow)
                    yield break;
                continue;
            }
            foreach (ImageExplanation explanation in explainer.Explain(batch, first))
                yield return explanation;
            first += batch.Count;
            batch.Clear();
        }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExtensions.Tests.Uncertainty;

/// <summary>Rows with scores and labels, as a trained classifier gives them.</summary>
internal static class ScoredRows
{
    /// <summary>Score (vector of Single), Label (key with the names "c0", "c1" ...).</summary>
    public static IDataView Of(MLContext ml, float[] scores, int[] labels, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        IDataView rows = ml.Data.LoadFromEnumerable(
            labels.Select(
                (label, i) => new Row { Score = scores[(i * classes)..((i + 1) * classes)], Name = label < 0 ? "" : $"c{label}" }
            ),
            schema
        );
        IDataView keys = ml.Data.LoadFromEnumerable(Enumerable.Range(0, classes).Select(c => new Key { Name = $"c{c}" }));
        return ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyData: keys).Fit(rows).Transform(rows);
    }

    /// <summary>
    /// Probabilities of a model whose logits are drawn, and labels drawn by them: the model is calibrated, unless its logits are multiplied.
    /// </summary>
    public static (float[] Scores, int[] Labels) Draw(int rows, int classes, int seed, double spread = 2, double temperature = 1)
    {
        var random = new Random(seed);
        float[] scores = new float[rows * classes];
        int[] labels = new int[rows];
        double[] logits = new double[classes];
        for (int row = 0; row < rows; row++)
        {
            for (int c = 0; c < classes; c++)
                logits[c] = spread * Normal(random);
            double[] truth = Softmax(logits);
            double left = random.NextDouble();
            for (labels[row] = 0; labels[row] < classes - 1 && (left -= truth[labels[row]]) > 0; )
                labels[row]++;
            double[] shown = Softmax([.. logits.Select(z => z / temperature)]);
            for (int c = 0; c < classes; c++)
                scores[row * classes + c] = (float)shown[c];
        }
        return (scores, labels);
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Softmax(double[] logits)
    {
        double largest = logits.Max();
        double[] powers = [.. logits.Select(z => Math.Exp(z - largest))];
        double sum = powers.Sum();
        return [.. powers.Select(p => p / sum)];
    }

    private sealed class Row
    {
        public float[] Score { get; set; } = [];

        public string Name { get; set; } = "";
    }

    private sealed class Key
    {
        public string Name { get; set; } = "";
    }
}

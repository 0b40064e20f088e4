using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;

namespace MLNetExtensions.Reports.Runs;

/// <summary>Code that loads a model of boxes or of masks.</summary>
internal static class DenseUsage
{
    /// <param name="modelPath">The saved model.</param>
    /// <param name="image">The column of images.</param>
    /// <param name="schema">The schema of the scored rows.</param>
    /// <returns>Null where images come in another form than paths.</returns>
    public static string? CSharp(string modelPath, DataViewSchema.Column image, DataViewSchema schema)
    {
        if (image.Type is not TextDataViewType)
            return null;
        bool hasMasks = schema.GetColumnOrNull(DefaultColumnNames.PredictedMask) is not null;
        string print = hasMasks
            ? """
                int foreground = output.PredictedMask.Count(index => index > 0);
                Console.WriteLine($"{foreground} of {output.PredictedMask.Length} pixels are no background");
                """
            : """
                for (int i = 0; i < output.Score.Length; i++)
                {
                    string box = string.Join(", ", output.PredictedBoundingBoxes[(4 * i)..((4 * i) + 4)]);
                    Console.WriteLine($"class {output.PredictedLabel[i]}, score {output.Score[i]:0.00}: {box}");
                }
                """;
        string columns = hasMasks
            ? "    public byte[] PredictedMask { get; set; } = []; // the index of each pixel's class, row after row"
            : """
                    public uint[] PredictedLabel { get; set; } = []; // keys, from 1
                    public float[] PredictedBoundingBoxes { get; set; } = []; // left, top, right, bottom of each
                    public float[] Score { get; set; } = [];
                """;
        return $$"""
            using Microsoft.ML;
            using Microsoft.ML.Data;

            var ml = new MLContext();
            ITransformer model = ml.Model.Load({{Usage.Quote(modelPath)}}, out _);
            using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
            Output output = engine.Predict(new Input { Image = "photo.jpg" });
            {{print}}

            public class Input
            {
                [ColumnName({{Usage.Quote(image.Name)}})]
                public string Image { get; set; } = "";
            }

            public class Output
            {
            {{columns}}
            }
            """;
    }
}

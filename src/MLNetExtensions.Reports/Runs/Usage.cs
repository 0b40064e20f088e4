using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Reports.Content;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Trainers;

namespace MLNetExtensions.Reports.Runs;

/// <summary>How to repeat a run and to load its model.</summary>
internal static class Usage
{
    private const string DefaultModel = "model.zip";
    private const string DefaultOnnx = "model.onnx";

    /// <param name="options">The paths and the command.</param>
    /// <param name="image">The column of images; null if there is none.</param>
    /// <param name="schema">The schema of the scored rows.</param>
    public static UsageContent Of(HtmlReportOptions options, DataViewSchema.Column? image, DataViewSchema schema) =>
        new(
            options.RepeatCommand,
            image is { } column ? CSharp(Shown(options.ModelPath ?? DefaultModel), column, schema, options) : null,
            TrainedModel.Find(options.Model) is { } trained ? Python(trained, Shown(options.OnnxPath ?? DefaultOnnx)) : null
        );

    private static string? CSharp(string modelPath, DataViewSchema.Column image, DataViewSchema schema, HtmlReportOptions options)
    {
        if (
            schema.GetColumnOrNull(DefaultColumnNames.PredictedMask) is { }
            || schema.GetColumnOrNull(DefaultColumnNames.PredictedBoundingBoxes) is { }
        )
            return DenseUsage.CSharp(modelPath, image, schema);
        // Steps of the model that map the label want it to be there.
        return CSharp(
            modelPath,
            image,
            schema[options.LabelColumnName],
            schema.GetColumnOrNull(DefaultColumnNames.PredictedLabel) ?? schema[options.ScoreColumnName]
        );
    }

    // A report is handed on: whose folder a file lies in is nobody's business, and of no use elsewhere.
    private static string Shown(string path) => Path.IsPathFullyQualified(path) ? Path.GetFileName(path) : path;

    private static string CSharp(
        string modelPath,
        DataViewSchema.Column image,
        DataViewSchema.Column label,
        DataViewSchema.Column predicted
    )
    {
        (string type, string start, string value) = image.Type switch
        {
            TextDataViewType => ("string", "\"\"", "\"photo.jpg\""),
            ImageDataViewType => ("MLImage", "null!", "MLImage.CreateFromFile(\"photo.jpg\")"),
            _ => ("byte[]", "[]", "File.ReadAllBytes(\"photo.jpg\")"),
        };
        // An image property says its size; 1 by 1 serves, as images of any size are taken.
        string attribute = image.Type is ImageDataViewType ? "[ImageType(1, 1)] " : "";
        string use = image.Type is ImageDataViewType ? "\nusing Microsoft.ML.Transforms.Image;" : "";
        string prediction = predicted.Type switch
        {
            TextDataViewType => "string",
            KeyDataViewType => "uint",
            VectorDataViewType { ItemType: BooleanDataViewType } => "bool[]",
            VectorDataViewType => "float[]",
            _ => "float",
        };
        return $$"""
            using Microsoft.ML;
            using Microsoft.ML.Data;{{use}}

            var ml = new MLContext();
            ITransformer model = ml.Model.Load({{Quote(modelPath)}}, out _);
            using var engine = ml.Model.CreatePredictionEngine<Input, Output>(model);
            Output output = engine.Predict(new Input { Image = {{value}} });
            Console.WriteLine({{(prediction is "float[]" or "bool[]" ? "string.Join(\", \", output.Predicted)" : "output.Predicted")}});

            public class Input
            {
                {{attribute}}[ColumnName({{Quote(image.Name)}})]
                public {{type}} Image { get; set; } = {{start}};

                [ColumnName({{Quote(label.Name)}})]
                public {{LabelType(label)}} Label { get; set; }{{Initial(LabelType(label))}} // not used
            }

            public class Output
            {
                [ColumnName({{Quote(predicted.Name)}})]
                public {{prediction}} Predicted { get; set; }{{Initial(prediction)}}
            }
            """;
    }

    private static string? Python(TrainedImageTransformer trained, string onnxPath) =>
        trained.Model.Inputs.Count == 1 && PreprocessingJson.Find(trained.Model.Metadata, onnxPath) is { } preprocessing
            ? PythonExample
                .Of(
                    trained.Model,
                    onnxPath.Replace('\\', '/'),
                    preprocessing,
                    ScoringMetadata.Labels(trained.Model.Metadata, onnxPath).Count > 0
                )
                .TrimEnd()
            : null;

    private static string Initial(string type) =>
        type switch
        {
            "string" => " = \"\";",
            "float[]" or "bool[]" => " = [];",
            _ => "",
        };

    /// <summary>The type of a label before it is mapped to a key.</summary>
    private static string LabelType(DataViewSchema.Column label)
    {
        DataViewType? type =
            label.Type is KeyDataViewType
                ? (label.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type as VectorDataViewType)?.ItemType
                : label.Type;
        return type switch
        {
            NumberDataViewType number when number == NumberDataViewType.Single => "float",
            NumberDataViewType number when number == NumberDataViewType.Double => "double",
            NumberDataViewType number when number == NumberDataViewType.Int32 => "int",
            NumberDataViewType number when number == NumberDataViewType.Int64 => "long",
            BooleanDataViewType => "bool",
            VectorDataViewType { ItemType: BooleanDataViewType } => "bool[]",
            VectorDataViewType => "float[]",
            null => "uint",
            _ => "string",
        };
    }

    /// <summary>A text as C# writes it.</summary>
    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

using System.Globalization;
using MLNetExtensions.Imaging;
using MLNetExtensions.Trainers.FineTune;
using Scriban;
using Scriban.Runtime;

namespace MLNetExtensions.ModelBuilder.Code;

/// <summary>The code that Model Builder generates beside a configuration, with the members of its version.</summary>
internal static class GeneratedCode
{
    /// <summary>X.consumption.cs: input and output classes, and prediction.</summary>
    public static string Consumption(CodeValues values) => Render("consumption", values);

    /// <summary>X.training.cs: the pipeline, to train again.</summary>
    public static string Training(CodeValues values) => Render("training", values);

    private static string Render(string name, CodeValues values)
    {
        using Stream stream =
            typeof(GeneratedCode).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without its template {name}.");
        using var reader = new StreamReader(stream);
        Template template = Template.Parse(reader.ReadToEnd(), name);
        if (template.HasErrors)
            throw new InvalidOperationException($"The template {name} has errors: {string.Join("; ", template.Messages)}");
        var context = new TemplateContext { StrictVariables = true };
        context.PushCulture(CultureInfo.InvariantCulture);
        context.PushGlobal(Variables(values));
        return template.Render(context);
    }

    private static ScriptObject Variables(CodeValues values) =>
        new()
        {
            ["version"] = values.Version,
            ["name"] = values.Name,
            ["class"] = CodeNamespace.Identifier(values.Name),
            ["namespace"] = values.Namespace,
            ["model_file"] = Quote(values.ModelFile),
            ["backbone_file"] = Quote(values.BackboneFile),
            ["preprocessing"] = Preprocessing(values.Preprocessing),
            ["feature_node"] = values.FeatureNode is { } node ? Quote(node) : null,
            ["layers"] = Layers(values.Layers),
            ["balance"] = values.BalanceClasses,
            ["seed"] = values.Seed,
        };

    /// <summary>A verbatim string.</summary>
    private static string Quote(string text) => $"@\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string? Layers(FineTuneLayers layers) =>
        layers.Stages switch
        {
            0 => null,
            int.MaxValue => "FineTuneLayers.All",
            var stages => $"FineTuneLayers.LastStages({stages})",
        };

    private static string? Preprocessing(ImagePreprocessing? value) =>
        value is null
            ? null
            : $"new ImagePreprocessing {{ Width = {value.Width}, Height = {value.Height}, "
                + $"ResizeMode = ImageResizeMode.{value.ResizeMode}, Interpolation = ImageInterpolation.{value.Interpolation}, "
                + $"CropFraction = {Number(value.CropFraction)}, Channels = ImageChannelOrder.{value.Channels}, "
                + $"ChannelsLast = {(value.ChannelsLast ? "true" : "false")}, Scale = {Number(value.Scale)}, "
                + $"Mean = new[] {{ {string.Join(", ", value.Mean.Select(Number))} }}, "
                + $"StandardDeviation = new[] {{ {string.Join(", ", value.StandardDeviation.Select(Number))} }} }}";

    private static string Number(float value) => $"{value:R}f";
}

using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Data;
using MLNetExtensions.Explanation;
using MLNetExtensions.Quality;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Search;
using MLNetExtensions.Serving;
using MLNetExtensions.Similarity;
using MLNetExtensions.Similarity.Maps;
using MLNetExtensions.Similarity.Neighbors;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Trainers.FeatureExtraction;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Trainers.TrainSegmenter;
using MLNetExtensions.Uncertainty.Calibrating;
using MLNetExtensions.Uncertainty.Conformal;
using MLNetExtensions.Uncertainty.Outliers;

namespace MLNetExtensions.Tests.Docs;

/// <summary>docs/options.md, from the options' XML comments and the values of new ones.</summary>
internal static partial class OptionDocument
{
    // Where users set them: the heading of each.
    private static readonly (string Heading, Type[] Types)[] Sections =
    [
        (
            "Training",
            [
                typeof(TrainerOptions),
                typeof(ImageTrainerOptions),
                typeof(FineTuneOptions),
                typeof(TrainNetworkOptions),
                typeof(DenseTrainerOptions),
                typeof(TrainDetectorOptions),
                typeof(TrainSegmenterOptions),
            ]
        ),
        (
            "Data with boxes and masks",
            [
                typeof(LoadBoxesOptions),
                typeof(LoadCocoOptions),
                typeof(LoadPascalVocOptions),
                typeof(LoadYoloOptions),
                typeof(LoadVottOptions),
                typeof(LoadMasksOptions),
            ]
        ),
        ("Features and scores", [typeof(ImageFeatureExtractionOptions), typeof(ScoreOnnxOptions)]),
        (
            "Export and smaller models",
            [typeof(OnnxExportOptions), typeof(CompressionOptions), typeof(QuantizeOptions), typeof(PruneOptions)]
        ),
        ("Search", [typeof(SweepOptions), typeof(Halving)]),
        ("Explanation", [typeof(ExplanationOptions)]),
        (
            "Uncertainty",
            [typeof(ConformalSetOptions), typeof(ConformalIntervalOptions), typeof(ProbabilityCalibrationOptions), typeof(OutlierOptions)]
        ),
        (
            "Similar images and labels",
            [
                typeof(EmbeddingIndexOptions),
                typeof(BuildIndexOptions),
                typeof(NearestNeighborOptions),
                typeof(EmbeddingMapOptions),
                typeof(LabelErrorOptions),
            ]
        ),
        ("Serving", [typeof(VisionPredictorOptions)]),
    ];

    public static string Write()
    {
        var text = new StringBuilder(
            """
            # Options

            Every option of the trainers, of scoring, compression and serving, with its default. A test writes this page from the XML comments and compares it
            (see [CONTRIBUTING.md](../CONTRIBUTING.md)): do not edit it.

            """
        );
        foreach ((string heading, Type[] types) in Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {heading}\n");
            foreach (Type type in types)
                Append(text, type);
        }
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Append(StringBuilder text, Type type)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {type.Name}\n\n{Summary(Comment(type.Assembly, $"T:{type.FullName}"))}\n");
        if (type.BaseType is { } parent && parent != typeof(object))
            text.Append(CultureInfo.InvariantCulture, $"\nIt has the options of [{parent.Name}](#{parent.Name.ToLowerInvariant()}) too.\n");
        text.Append("\n| option | type | default | |\n|---|---|---|---|\n");
        object? fresh = type.IsAbstract ? Concrete(type) : Fresh(type);
        foreach (
            PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(p => p.SetMethod is not null)
                .OrderBy(p => p.MetadataToken)
        )
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{property.Name}` | {Escape(Name(property))} | {Default(property, fresh)} | {Summary(Comment(type.Assembly, $"P:{type.FullName}.{property.Name}"))} |\n"
            );
    }

    private static object Concrete(Type type) =>
        Fresh(
            type.Assembly.GetTypes().First(t => !t.IsAbstract && t.IsAssignableTo(type) && t.GetConstructor(Type.EmptyTypes) is not null)
        );

    private static object Fresh(Type type) => Activator.CreateInstance(type)!;

    private static string Default(PropertyInfo property, object? fresh)
    {
        if (property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
            return "required";
        return property.GetValue(fresh) switch
        {
            null => "null",
            CancellationToken => "none",
            string s => $"\"{s}\"",
            bool b => b ? "true" : "false",
            Enum e => $"`{e}`",
            IEnumerable values when !values.Cast<object>().Any() => "none",
            TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time:c}"),
            IFormattable number => Escape(number.ToString(null, CultureInfo.InvariantCulture)),
            object value when value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType == typeof(object) =>
                $"`{value.GetType().Name}`",
            object value
                when value
                    .GetType()
                    .GetMethod(nameof(ToString), Type.EmptyTypes)!
                    .IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) => Escape(Record(value)),
            object value => Escape(value.ToString() ?? ""),
        };
    }

    /// <summary>A record as it writes itself, without what nobody can set.</summary>
    private static string Record(object value)
    {
        string[] set =
        [
            .. value
                .GetType()
                .GetProperties()
                .Where(p => p.CanWrite)
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} = {p.GetValue(value)}")),
        ];
        return set.Length == 0 ? value.GetType().Name : $"{value.GetType().Name} {{ {string.Join(", ", set)} }}";
    }

    private static string Name(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable
            ? Name(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) + "?"
            : Name(property.PropertyType);

    private static string Name(Type type) =>
        type == typeof(int) ? "int"
        : type == typeof(long) ? "long"
        : type == typeof(float) ? "float"
        : type == typeof(double) ? "double"
        : type == typeof(bool) ? "bool"
        : type == typeof(string) ? "string"
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static XElement? Comment(Assembly assembly, string member) =>
        XDocument
            .Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member")
            .FirstOrDefault(m => (string?)m.Attribute("name") == member);

    // What it is, and what its default does.
    private static string Summary(XElement? member) =>
        member?.Element("summary") is null
            ? throw new InvalidOperationException("A public option has no summary.")
            : Escape(
                Spaces()
                    .Replace(string.Join(" ", member.Elements().Where(e => e.Name.LocalName is "summary" or "value").Select(Text)), " ")
                    .Trim()
            );

    private static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } reference => $"`{Last(reference)}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => string.Concat(other.Nodes().Select(Text)),
            _ => "",
        };

    private static string Last(XElement reference)
    {
        string name =
            (string?)reference.Attribute("cref") ?? (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("href") ?? "";
        name = name.Split('(')[0];
        return name.StartsWith("http", StringComparison.Ordinal) ? name : name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.ModelBuilder.Code;
using MLNetExtensions.ModelBuilder.Programs;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.ModelBuilder.Tests.Code;

/// <summary>Alone: generated code looks for its files in the working folder.</summary>
[Collection(Alone.Name)]
public sealed class GeneratedCodeTests : IDisposable
{
    private static readonly string[] Libraries =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(CompiledProgram.IsManaged),
        .. CompiledProgram.Framework("Microsoft.NETCore.App"),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _workingFolder = Environment.CurrentDirectory;

    public void Dispose()
    {
        Environment.CurrentDirectory = _workingFolder;
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0, "Predict")]
    [InlineData(1, "Predict PredictEngine")]
    [InlineData(2, "Predict PredictEngine")]
    [InlineData(3, "Predict PredictEngine")]
    [InlineData(4, "GetSortedScoresWithLabels Predict PredictAllLabels PredictEngine")]
    [InlineData(5, "GetSortedScoresWithLabels Predict PredictAllLabels PredictEngine")]
    public void The_class_has_the_members_of_its_version(int version, string members)
    {
        Type type = Compile(Values(version));

        string training = version >= 4 ? "BuildPipeline LoadImageFromFolder RetrainModel" : "BuildPipeline RetrainPipeline";
        Assert.Equal($"{training} {members}".Split(' ').Order(StringComparer.Ordinal), Public(type).Order(StringComparer.Ordinal));
        Assert.Equal(version >= 2 ? typeof(byte[]) : typeof(string), Property(type, "ModelInput", "ImageSource").PropertyType);
        Assert.Equal(version >= 3, Property(type, "ModelInput", "ImageSource").IsDefined(typeof(LoadColumnAttribute)));
        Assert.Equal(
            version >= 2 ? ["ImageSource", "Label", "PredictedLabel", "Score"] : ["Prediction", "Score"],
            type.GetNestedType("ModelOutput")!.GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal)
        );
        Assert.NotNull(type.GetField("MLNetModelPath", BindingFlags.NonPublic | BindingFlags.Static));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_training_code_trains_again(int version)
    {
        ModelBuilderProject project = ProgramTrial.Create(version, _folder.Path);
        project.Train(new MLContext(1)).Dispose();
        Type type = Compile([project.ConsumptionPath, project.TrainingPath], "Colors.MLModel1");
        Environment.CurrentDirectory = project.Folder;
        var ml = new MLContext(1);
        string validation = Path.Combine(_folder.Path, "validation");

        var model = (ITransformer)
            type.GetMethod(version >= 4 ? "RetrainModel" : "RetrainPipeline")!
                .Invoke(null, [ml, Load(Path.Combine(_folder.Path, "images"))])!;

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(Load(validation)));
        Assert.True(metrics.MicroAccuracy > 0.9, $"{metrics.MicroAccuracy}");
        (model as IDisposable)?.Dispose();

        IDataView Load(string folder) =>
            version >= 4
                ? (IDataView)type.GetMethod("LoadImageFromFolder")!.Invoke(null, [ml, folder])!
                : Training.FolderImages.Load(ml, folder, asBytes: version >= 2);
    }

    [Fact]
    public void A_folder_without_sub_folders_is_an_error_with_its_name()
    {
        Type type = Compile(Values(5));

        Exception e = Assert.Throws<TargetInvocationException>(() =>
            type.GetMethod("LoadImageFromFolder")!.Invoke(null, [new MLContext(), _folder.Path])
        );

        Assert.Contains($"'{_folder.Path}' has no sub-folders", Assert.IsType<DirectoryNotFoundException>(e.InnerException).Message);
    }

    [Fact]
    public void Settings_of_the_backbone_are_in_the_training_code()
    {
        Backbone own = Backbone.FromFile(Path.Combine(SharedData.RepositoryRoot, "pretrained", "cifarnet_cifar10.onnx"));
        ImagePreprocessing preprocessing = own.Preprocessing with { Mean = [0.25f, 0.5f, 0.1f], ChannelsLast = false };
        string code = GeneratedCode.Training(
            Values(5) with
            {
                Preprocessing = preprocessing,
                FeatureNode = "a \"node\"",
                Layers = FineTuneLayers.LastStages(2),
                Seed = 7,
            }
        );
        _folder.Add("MLModel1.training.cs", System.Text.Encoding.UTF8.GetBytes(code));
        _folder.Add("MLModel1.consumption.cs", System.Text.Encoding.UTF8.GetBytes(GeneratedCode.Consumption(Values(5))));

        Compile(Directory.GetFiles(_folder.Path, "*.cs"), "Space.MLModel1");

        Assert.Contains("Mean = new[] { 0.25f, 0.5f, 0.1f }", code, StringComparison.Ordinal);
        Assert.Contains("featureNode: @\"a \"\"node\"\"\"", code, StringComparison.Ordinal);
        Assert.Contains("TrainableLayers = FineTuneLayers.LastStages(2),", code, StringComparison.Ordinal);
        Assert.Contains("Seed = 7,", code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_identifier_becomes_one()
    {
        CodeValues values = Values(5) with { Name = "my model-2", ModelFile = "my model-2.mlnet", Namespace = "" };

        Type type = Compile(values, "my_model_2");

        Assert.Contains(@"@""my model-2.mlnet""", GeneratedCode.Consumption(values), StringComparison.Ordinal);
        Assert.Null(type.Namespace);
    }

    private static CodeValues Values(int version) =>
        new()
        {
            Version = version,
            Name = "MLModel1",
            Namespace = "Space",
            ModelFile = version >= 4 ? "MLModel1.mlnet" : "MLModel1.zip",
            BackboneFile = "MLModel1.backbone.onnx",
            Layers = FineTuneLayers.Head,
            BalanceClasses = false,
        };

    private static IEnumerable<string> Public(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.MemberType is MemberTypes.Method or MemberTypes.Field or MemberTypes.Property)
            .Select(m => m.Name);

    private static PropertyInfo Property(Type type, string nested, string name) => type.GetNestedType(nested)!.GetProperty(name)!;

    private Type Compile(CodeValues values, string type = "Space.MLModel1")
    {
        string consumption = _folder.Add("c.cs", System.Text.Encoding.UTF8.GetBytes(GeneratedCode.Consumption(values)));
        string training = _folder.Add("t.cs", System.Text.Encoding.UTF8.GetBytes(GeneratedCode.Training(values)));
        return Compile([consumption, training], type);
    }

    private Type Compile(string[] sources, string type)
    {
        string library = Path.Combine(_folder.Path, $"Generated{Guid.NewGuid():N}.dll");
        Assert.Empty(CompiledProgram.Compile(library, Libraries, sources, isProgram: false));
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(library).GetType(type, throwOnError: true)!;
    }
}

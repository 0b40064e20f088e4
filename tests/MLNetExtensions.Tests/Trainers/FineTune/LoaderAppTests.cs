using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.FineTune;

public sealed class LoaderAppTests : IDisposable
{
    private readonly ColorImages _images = new(7);
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    private string[] Paths => [.. _images.Rows.Select(r => r.Image)];

    public void Dispose()
    {
        _folder.Dispose();
        _images.Dispose();
    }

    [Fact]
    public async Task A_saved_model_scores_the_same_in_a_program_without_this_library()
    {
        (string model, float[][] expected) = Save(_images.Paths(_ml));

        string[] lines = await DeployedApp.Run("LoaderApp", [model, .. Paths]);

        Assert.Equal(_images.Rows.Select(r => r.Label), lines.Select(line => line.Split('\t')[0]));
        AssertScores(expected, lines);
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public async Task A_saved_model_of_other_channels_scores_the_same_there(ImageChannelOrder channels)
    {
        using var images = new ChannelImages(8);
        IDataView view = images.Paths(_ml);
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing("nchw", channels);
        OnnxGraph network = PreprocessingGraph.Prepend(
            ChannelNetworks.Create("nchw", preprocessing.ChannelCount),
            preprocessing,
            cropInGraph: true,
            "pixels"
        );
        using FineTuneTransformer transformer = TinyClassifier.Transformer(_ml, view.Schema, network, preprocessing: preprocessing);
        string model = Path.Combine(_folder.Path, "model.zip");
        _ml.Model.Save(transformer, view.Schema, model);

        AssertScores(
            [.. transformer.Transform(view).GetColumn<float[]>("Score")],
            await DeployedApp.Run("LoaderApp", [model, .. images.Rows.Select(r => r.Image)])
        );
    }

    [Fact]
    public async Task A_model_of_bytes_scores_the_same_where_the_package_of_steps_is()
    {
        (string model, float[][] expected) = Save(_images.Bytes(_ml));

        AssertScores(expected, await DeployedApp.Run("SavedStepsApp", [model, .. Paths]));
    }

    [Fact]
    public async Task A_model_that_turns_paths_upright_scores_the_same_where_the_package_of_steps_is()
    {
        (string model, float[][] expected) = Save(_images.Paths(_ml), uprightWhenSaved: true);

        AssertScores(expected, await DeployedApp.Run("SavedStepsApp", [model, .. Paths]));
    }

    [Fact]
    public async Task Without_the_package_the_error_names_it()
    {
        (string model, _) = Save(_images.Bytes(_ml));

        (int exitCode, _, string errors) = await DeployedApp.Start("LoaderApp", [model, .. Paths]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Could not load file or assembly 'MLNetExtensions.SavedSteps,", errors);
    }

    [Theory]
    [InlineData("LoaderApp", new string[0])]
    [InlineData(
        "SavedStepsApp",
        new[]
        {
            "MLNetExtensions.Imaging.dll",
            "MLNetExtensions.Imaging.pdb",
            "MLNetExtensions.Imaging.xml",
            "MLNetExtensions.SavedSteps.dll",
            "MLNetExtensions.SavedSteps.pdb",
            "MLNetExtensions.SavedSteps.xml",
        }
    )]
    public void The_program_has_nothing_else_of_this_library(string app, string[] expected) =>
        Assert.Equal(
            expected,
            Directory
                .EnumerateFiles(Path.GetDirectoryName(DeployedApp.PathOf(app))!, "MLNetExtensions*")
                .Select(p => Path.GetFileName(p))
                .Order(StringComparer.Ordinal)
        );

    private (string Model, float[][] Scores) Save(IDataView view, bool uprightWhenSaved = false)
    {
        using FineTuneTransformer transformer = TinyClassifier.Transformer(
            _ml,
            view.Schema,
            TinyClassifier.Network(),
            uprightWhenSaved: uprightWhenSaved
        );
        string model = Path.Combine(_folder.Path, "model.zip");
        _ml.Model.Save(transformer, view.Schema, model);
        return (model, [.. transformer.Transform(view).GetColumn<float[]>("Score")]);
    }

    private static void AssertScores(float[][] expected, string[] lines)
    {
        Assert.Equal(expected.Length, lines.Length);
        for (int row = 0; row < lines.Length; row++)
        {
            string[] fields = lines[row].Split('\t');
            for (int c = 0; c < 3; c++)
                Assert.Equal(expected[row][c], float.Parse(fields[c + 1], CultureInfo.InvariantCulture), 1e-5f);
        }
    }
}

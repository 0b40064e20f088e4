using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Data;
using MLNetExtensions.Estimators.FineTune;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Data;
using Xunit;

namespace MLNetExtensions.Tests.Estimators.FineTune;

public class LoaderAppTests
{
    [Fact]
    public async Task ASavedModelScoresTheSameInAProgramWithoutThisLibrary()
    {
        using var pictures = new ColourPictures(7);
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView view = pictures.Paths(ml);
        using FineTuneTransformer transformer = TinyClassifier.Transformer(ml, view.Schema);
        string model = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(transformer, view.Schema, model);

        string[] lines = await Run([model, .. pictures.Rows.Select(r => r.Image)]);

        Assert.Equal(pictures.Rows.Select(r => r.Label), lines.Select(line => line.Split('\t')[0]));
        AssertScores(transformer.Transform(view), lines);
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public async Task ModelsOfOtherChannelsDoToo(ImageChannelOrder channels)
    {
        using var images = new ChannelImages(8);
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView view = images.Paths(ml);
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing("nchw", channels);
        OnnxGraph network = PreprocessingGraph.Prepend(ChannelNetworks.Create("nchw", preprocessing.ChannelCount), preprocessing, cropInGraph: true, "pixels");
        using FineTuneTransformer transformer = TinyClassifier.Transformer(ml, view.Schema, network, preprocessing: preprocessing);
        string model = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(transformer, view.Schema, model);

        AssertScores(transformer.Transform(view), await Run([model, .. images.Rows.Select(r => r.Image)]));
    }

    private static void AssertScores(IDataView scored, string[] lines)
    {
        float[][] expected = [.. scored.GetColumn<float[]>("Score")];
        Assert.Equal(expected.Length, lines.Length);
        for (int row = 0; row < lines.Length; row++)
        {
            string[] fields = lines[row].Split('\t');
            for (int c = 0; c < 3; c++)
                Assert.Equal(expected[row][c], float.Parse(fields[c + 1], CultureInfo.InvariantCulture), 1e-5f);
        }
    }

    [Fact]
    public void TheProgramHasNothingOfThisLibrary() =>
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(AppPath())!, "MLNetExtensions*"));

    private static async Task<string[]> Run(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [AppPath(), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string AppPath()
    {
        string? configuration = typeof(LoaderAppTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
        return Path.Combine(SharedData.RepositoryRoot, "tests", "LoaderApp", "bin", configuration ?? "Debug", "net10.0", "LoaderApp.dll");
    }
}

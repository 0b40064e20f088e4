using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A model is given to others, who are not to learn how the folders at home are called.</summary>
public sealed class NothingPersonalStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 36);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_cards_logs_and_checkpoints_name_no_folder()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos);
        using TrainNetworkTransformer network = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    Network = new TinyNetwork(),
                    ImageColumnName = "ImagePath",
                    Epochs = 2,
                    Callbacks =
                    [
                        new CheckpointCallback(_folder.File("checkpoints")),
                        new CsvLogCallback(_folder.File("log.csv")),
                        new TensorBoardCallback(_folder.File("board")),
                    ],
                    CacheFolder = _folder.File("cache"),
                }
            )
            .Fit(keys.Transform(photos));
        ml.Model.SaveAtomic(keys.Append(network), photos.Schema, _folder.File("model.zip"));
        network.ExportOnnx(_folder.File("model.onnx"), new OnnxExportOptions { ModelCardPath = _folder.File("card.md") });
        ZipFile.ExtractToDirectory(_folder.File("model.zip"), _folder.File("unzipped"));

        string[] files =
        [
            _folder.File("model.onnx"),
            _folder.File("card.md"),
            _folder.File("log.csv"),
            .. Files("unzipped"),
            .. Files("checkpoints"),
            .. Files("board"),
            .. Files("cache"),
        ];

        byte[] folder = Encoding.UTF8.GetBytes(Path.GetFileName(Path.GetDirectoryName(_folder.File("x"))!));
        byte[] home = Encoding.UTF8.GetBytes(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Path.DirectorySeparatorChar
        );
        Assert.True(files.Length > 8);
        Assert.All(
            files,
            file =>
            {
                ReadOnlySpan<byte> content = File.ReadAllBytes(file);
                Assert.True(content.IndexOf(folder) < 0 && content.IndexOf(home) < 0, file);
            }
        );
    }

    private string[] Files(string folder) => Directory.GetFiles(_folder.File(folder), "*", SearchOption.AllDirectories);
}

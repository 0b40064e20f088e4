using Microsoft.ML;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.PseudoLabels;
using MLNetExtensions.Trainers.TrainNetwork;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The block of docs/training.md on images without labels.</summary>
public sealed class FewLabelsDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ColorImages _images = new(45);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_block_runs()
    {
        string folder = Path.Combine(_folder.Path, "photos"),
            others = Path.Combine(_folder.Path, "unsorted");
        for (int i = 0; i < _images.Rows.Length; i++)
        {
            string target = i < 15 ? Path.Combine(folder, _images.Rows[i].Label) : Path.Combine(others, "all");
            Directory.CreateDirectory(target);
            File.Copy(_images.Rows[i].Image, Path.Combine(target, Path.GetFileName(_images.Rows[i].Image)));
        }

        var ml = new MLContext(seed: 1);
        var fewLabels = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new ResNet9 { Width = 4 },
                        ImageColumnName = "ImagePath",
                        Augmentation = Augment.Standard(),
                        BatchSize = 8,
                        Epochs = 5,
                        UnlabeledSet = ml.Data.LoadFromImageFolder(others),
                        PseudoLabeling = new PseudoLabeling { Threshold = 0.95f, Ratio = 3 },
                    }
                )
            );
        var fromFew = fewLabels.Fit(ml.Data.LoadFromImageFolder(folder));

        using TrainNetworkTransformer network = fromFew.LastTransformer;
        Assert.Equal(15, network.Result.TrainingRows);
    }
}

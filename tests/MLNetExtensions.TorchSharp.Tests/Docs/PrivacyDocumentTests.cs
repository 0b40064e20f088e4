using Microsoft.ML;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>The blocks of docs/privacy.md.</summary>
public sealed class PrivacyDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ColorImages _images = new(30);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_network_is_trained_with_privacy()
    {
        string folder = Photos();

        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(folder);

        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        CreateGraph = outputs =>
                            new ResNet9 { Width = 8 }
                                .Build(outputs)
                                .ReplaceBatchNorm(),
                        ImageColumnName = "ImagePath",
                        Epochs = 5,
                        BatchSize = 16,
                        Privacy = new DifferentialPrivacy { Epsilon = 8, MaxGradientNorm = 1 },
                    }
                )
            );
        var model = pipeline.Fit(photos);

        using TrainNetworkTransformer network = model.LastTransformer;
        Console.WriteLine(network.Result.Privacy); // epsilon 7.999 at delta 0.0237 (5 steps, sample rate 0.5333, noise ...

        Assert.StartsWith("epsilon 7.99", network.Result.Privacy!.ToString());
        Assert.Contains("at delta 0.0237 (5 steps, sample rate 0.5333, noise ", network.Result.Privacy.ToString());
    }

    [Fact]
    public void Noise_is_planned()
    {
        // 60,000 images in batches of 600 for 15 epochs
        double noise = RdpAccountant.FindNoiseMultiplier(epsilon: 3, delta: 1e-5, sampleRate: 0.01, steps: 1500);

        var accountant = new RdpAccountant();
        accountant.Add(noiseMultiplier: 1.1, sampleRate: 0.01, steps: 1500);
        Console.WriteLine($"{noise:F2} {accountant.EpsilonAt(delta: 1e-5):F4}"); // 0.92 2.0642

        Assert.Equal("0.92 2.0642", FormattableString.Invariant($"{noise:F2} {accountant.EpsilonAt(delta: 1e-5):F4}"));
    }

    /// <summary>The colored images, a folder a color.</summary>
    private string Photos()
    {
        foreach (ColorImages.Row row in _images.Rows)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "photos", row.Label)).FullName;
            File.Copy(row.Image, Path.Combine(folder, Path.GetFileName(row.Image)));
        }
        return Path.Combine(_folder.Path, "photos");
    }
}

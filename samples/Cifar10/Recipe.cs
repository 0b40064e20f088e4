using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Initializers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Schedules;

namespace Cifar10;

/// <summary>
/// How the network is trained: airbench94's recipe (arXiv 2404.00498) for fewer epochs and channels. Chosen on 5,000 training images that
/// were held out; the test set was not looked at.
/// </summary>
internal sealed record Recipe
{
    private const int WhiteningImages = 2000;

    // What the normalizations' biases learn at, as a multiple: their scales are fixed, so that biases decide which neurons are on.
    private const float NormBiasRate = 64;

    public int Epochs { get; init; } = 5;

    public IReadOnlyList<int> Widths { get; init; } = [32, 128, 128];

    public int BatchSize { get; init; } = 512;

    /// <summary>Whether training images are moved by up to 2 pixels and mirrored.</summary>
    public bool Augments { get; init; } = true;

    public int? Threads { get; init; }

    public TrainNetworkOptions Options(ImageSet training, int seed)
    {
        ImagePreprocessing preprocessing = new()
        {
            Width = ImageSet.Side,
            Height = ImageSet.Side,
            CropFraction = 1,
            Mean = [0.4914f, 0.4822f, 0.4465f],
            StandardDeviation = [0.2470f, 0.2435f, 0.2616f],
        };
        var network = new CifarNet
        {
            Widths = Widths,
            Whitening = PatchWhitening.Of(
                Standardized(training, preprocessing, new Random(seed)),
                ImageSet.Channels,
                ImageSet.Side,
                ImageSet.Side
            ),
        };
        return new TrainNetworkOptions
        {
            Network = network,
            Preprocessing = preprocessing,
            Augmentation = Augments
                ? Augment.Compose(new PadAndCrop { Padding = 2, Border = BorderMode.Reflect }, new HorizontalFlip())
                : null,
            Epochs = Epochs,
            BatchSize = BatchSize,
            LearningRate = 0.75f,
            Schedule = new TriangularSchedule(PeakFraction: 0.23f, StartFactor: 0.2f, EndFactor: 0.07f),
            Optimizer = new Sgd
            {
                Momentum = 0.85f,
                Nesterov = true,
                WeightDecay = 0.00133f,
            },
            ParameterGroups = network
                .Build(ImageSet.Classes.Length, ImageSet.Channels, ImageSet.Side, ImageSet.Side, seed)
                .Initializers.Keys.Where(name => name.Contains(".norm") && name.EndsWith(".bias", StringComparison.Ordinal))
                .ToDictionary(name => name, _ => new ParameterGroup(NormBiasRate, 1 / NormBiasRate)),
            LabelSmoothing = 0.2f,
            WeightAveraging = new ExponentialMovingAverage(0.98f),
            TestTimeAugmentation = TestTimeAugmentation.Flip,
            RestoreBestWeights = false,
            Threads = Threads,
            Seed = seed,
        };
    }

    private static float[] Standardized(ImageSet images, ImagePreprocessing preprocessing, Random random)
    {
        float[] values = new float[WhiteningImages * ImageSet.Size];
        for (int i = 0; i < WhiteningImages; i++)
        {
            ReadOnlySpan<byte> image = images.PixelsOf(random.Next(images.Count));
            for (int p = 0; p < ImageSet.Size; p++)
            {
                int channel = p / (ImageSet.Side * ImageSet.Side);
                values[i * ImageSet.Size + p] = (image[p] / 255f - preprocessing.Mean[channel]) / preprocessing.StandardDeviation[channel];
            }
        }
        return values;
    }
}

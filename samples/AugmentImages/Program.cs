// Augments an image without ML.NET. Usage: AugmentImages [IMAGE] [FOLDER]; without an image one is drawn, without a folder the results go
// to "augmented".
using AugmentImagesSample;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Augmentations.Policies;
using MLNetExtensions.Imaging.Decoding;

(string Name, Augmentation Policy)[] policies =
[
    ("standard", Augment.Standard()),
    ("strong", Augment.Strong()),
    ("randaugment", new RandAugment()),
    (
        "mine",
        Augment.Compose(new Rotate { MaxDegrees = 20 }, new HorizontalFlip(), Augment.Sometimes(0.5f, new GaussianBlur()), new Erasing())
    ),
];
const int Seed = 1,
    Epochs = 5;

try
{
    RasterImage image = args.Length > 0 ? RasterImage.Load(args[0]) : DrawnScene.Draw();
    string folder = Directory.CreateDirectory(args.Length > 1 ? args[1] : "augmented").FullName;
    Console.WriteLine($"The image: {image}");
    image.Save(Path.Combine(folder, "image.png"));

    var sheet = new List<RasterImage[]>();
    foreach ((string name, Augmentation policy) in policies)
    {
        // The same seed, epoch and row give the same pixels on every machine, in training too.
        RasterImage[] drawn = [.. Enumerable.Range(0, Epochs).Select(epoch => policy.Apply(image, Seed, epoch))];
        drawn[0].Save(Path.Combine(folder, $"{name}.jpg"), quality: 90);
        sheet.Add([image, .. drawn]);
        Console.WriteLine($"{name}: {Epochs} epochs");
    }
    string sheetFile = Path.Combine(folder, "sheet.png");
    ContactSheet.Of(sheet).Save(sheetFile);
    Console.WriteLine($"All of them side by side, the image itself at the left: {sheetFile}");

    // What a network reads: resized and cropped for it, augmented as in training, and as floats.
    var preprocessing = new ImagePreprocessing { Width = 96, Height = 96 };
    RasterImage canvas = RasterImage.Load(Path.Combine(folder, "image.png"), preprocessing);
    float[] input = policies[0].Policy.Apply(canvas, preprocessing, Seed, epoch: 0, row: 0).ToTensor(preprocessing);
    Console.WriteLine(
        $"As a network's input: float[1,{preprocessing.ChannelCount},{preprocessing.Height},{preprocessing.Width}], {input.Min():F2} to "
            + $"{input.Max():F2}"
    );
    return 0;
}
catch (Exception e) when (e is InvalidImageException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

using System.CommandLine;
using SegmentationSample;

// Trains a segmentation network on images with masks, measures it, saves it, exports it as ONNX, and lays the masks that the saved model makes
// over images. Without folders it draws images of its own.
var images = new Option<DirectoryInfo?>("--images") { Description = "The folder of the images. Without it the sample draws shapes." };
var masks = new Option<DirectoryInfo?>("--masks")
{
    Description = "The folder of their masks: PNG files of class indices, with the images' names.",
};
var classes = new Option<string[]>("--classes")
{
    Description = "The names of the classes by index, from 0.",
    AllowMultipleArgumentsPerToken = true,
};
var backbone = new Option<FileInfo?>("--backbone")
{
    Description = "The pretrained network, an ONNX file; by default an ImageNet ResNet-18.",
};
var size = new Option<int?>("--size") { Description = "The width and height that the network sees, a multiple of 32; by default 320." };
var epochs = new Option<int?>("--epochs") { Description = "Passes over the images; by default 40, and 4 for drawn images." };
var output = new Option<DirectoryInfo>("--output")
{
    Description = "The folder that gets model.zip, model.onnx and images with their masks.",
    DefaultValueFactory = _ => new DirectoryInfo("segmenter"),
};
var seed = new Option<int>("--seed") { Description = "Fixes the split and every random draw.", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Trains a semantic segmentation network on a pretrained ONNX network.")
{
    images,
    masks,
    classes,
    backbone,
    size,
    epochs,
    output,
    seed,
};
command.Validators.Add(result =>
{
    bool hasImages = result.GetValue(images) is not null;
    if (hasImages != result.GetValue(masks) is not null || hasImages != result.GetValue(classes) is { Length: > 0 })
        result.AddError("Expected --images, --masks and --classes together, or none of them.");
});
command.SetAction(parsed =>
{
    try
    {
        SegmentationRun.Run(
            new SegmentationSettings
            {
                Images = parsed.GetValue(images)?.FullName,
                Masks = parsed.GetValue(masks)?.FullName,
                Classes = parsed.GetValue(classes) ?? [],
                Backbone = parsed.GetValue(backbone)?.FullName,
                Size = parsed.GetValue(size),
                Epochs = parsed.GetValue(epochs),
                Output = parsed.GetValue(output)!.FullName,
                Seed = parsed.GetValue(seed),
            }
        );
        return 0;
    }
    catch (Exception error)
        when (error
                is IOException
                    or InvalidDataException
                    or InvalidOperationException
                    or ArgumentException
                    or MLNetExtensions.Onnx.OnnxFormatException
        )
    {
        // What a user can mend: the message says what and how. Anything else is a defect and keeps its stack trace.
        Console.Error.WriteLine(error.Message);
        return 1;
    }
});
return command.Parse(args).Invoke();

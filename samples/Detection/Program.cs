using System.CommandLine;
using DetectionSample;

// Trains an object detector on images with boxes (COCO JSON), measures it, saves it, exports it as ONNX, and draws the boxes that the saved
// model finds. Without a file it draws images of its own.
var coco = new Option<FileInfo?>("--coco") { Description = "Images and boxes, a COCO JSON file. Without it the sample draws shapes." };
var images = new Option<DirectoryInfo?>("--images") { Description = "The folder of the images; by default that of the JSON file." };
var test = new Option<FileInfo?>("--test") { Description = "A COCO JSON file to measure with; by default a fifth of the images is kept." };
var backbone = new Option<FileInfo?>("--backbone")
{
    Description = "The pretrained network, an ONNX file; by default an ImageNet ResNet-18.",
};
var size = new Option<int?>("--size") { Description = "The width and height that the network sees, a multiple of 32; by default 320." };
var epochs = new Option<int?>("--epochs") { Description = "Passes over the images; by default 40, and 8 for drawn images." };
var output = new Option<DirectoryInfo>("--output")
{
    Description = "The folder that gets model.zip, model.onnx and pictures of what the model finds.",
    DefaultValueFactory = _ => new DirectoryInfo("detector"),
};
var seed = new Option<int>("--seed") { Description = "Fixes the split and every random draw.", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Trains an object detector on a pretrained ONNX network.")
{
    coco,
    images,
    test,
    backbone,
    size,
    epochs,
    output,
    seed,
};
command.SetAction(parsed =>
{
    try
    {
        DetectionRun.Run(
            new DetectionSettings
            {
                Coco = parsed.GetValue(coco)?.FullName,
                Images = parsed.GetValue(images)?.FullName,
                Test = parsed.GetValue(test)?.FullName,
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

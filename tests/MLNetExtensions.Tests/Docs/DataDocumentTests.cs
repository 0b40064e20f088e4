using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using Xunit;

namespace MLNetExtensions.Tests.Docs;

public sealed class DataDocumentTests
{
    [Fact]
    public void The_block_on_previews_runs()
    {
        using var temporary = new TemporaryFolder();
        temporary.Add("a.jpg", DrawnPhoto.Encode(1, 64, 48));
        string annotations = temporary.Add(
            "train.json",
            """
            {
              "images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
              "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [4, 6, 10, 12], "segmentation": [[4, 6, 14, 6, 9, 18]]}],
              "categories": [{"id": 1, "name": "dog"}]
            }
            """u8
        );
        var ml = new MLContext(seed: 1);
        string preview = Path.Combine(temporary.Path, "labels.png");

        IDataView images = ml.Data.LoadFromCoco(annotations, new LoadCocoOptions { Masks = true });
        ml.Vision().PreviewLabels(images, preview, new PreviewLabelsOptions { Images = 12, Columns = 4 });

        Assert.True(new FileInfo(preview).Length > 1000);
    }
}

using MLNetExtensions.TestData;
using MLNetExtensions.Training;
using Xunit;

namespace MLNetExtensions.Tests.Training;

public class FeatureCacheTests
{
    [Theory]
    [InlineData(long.MaxValue, false)]
    [InlineData(9 << 20, true)]
    [InlineData(0, true)]
    public void Rows_come_back_from_memory_and_from_the_file(long budget, bool onDisk)
    {
        string folder = Directory.CreateTempSubdirectory("mlnetx").FullName;
        const int RowSize = 3000;
        const int Count = 1500;
        using (var cache = new FeatureCache([RowSize - 5, 5], budget, folder))
        {
            for (int row = 0; row < Count; row++)
                cache.Add().Fill(row);
            cache.Complete();
            Assert.Equal(Count, cache.Count);
            Assert.Equal(onDisk, cache.RowsOnDisk > 0);
            int[] rows = [1499, 0, 700, 700, 1, 349, 350];
            float[][] inputs = [new float[rows.Length * (RowSize - 5)], new float[rows.Length * 5]];
            cache.Fill(rows, inputs);
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.All(inputs[0].AsSpan(i * (RowSize - 5), RowSize - 5).ToArray(), v => Assert.Equal(rows[i], v));
                Assert.All(inputs[1].AsSpan(i * 5, 5).ToArray(), v => Assert.Equal(rows[i], v));
            }
        }
        Assert.Empty(Directory.GetFiles(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_that_says_what_to_do()
    {
        using var cache = new FeatureCache([10], 0, "/dev/null");
        for (int row = 0; row < 5; row++)
            cache.Add().Fill(row);
        IOException error = Assert.ThrowsAny<IOException>(cache.Complete);
        Assert.Contains("/dev/null", error.Message);
        Assert.Contains("MemoryBudget", error.Message);
    }

    [Fact]
    public void A_full_disk_is_an_error_that_says_what_to_do()
    {
        using SmallDisk disk = SmallDisk.Require(megabytes: 6);
        using var cache = new FeatureCache([1 << 18], 0, disk.Folder);
        IOException error = Assert.ThrowsAny<IOException>(() =>
        {
            for (int row = 0; row < 100; row++)
                cache.Add().Fill(row);
        });
        Assert.Contains(disk.Folder, error.Message);
        Assert.Contains("Free space", error.Message);
        cache.Dispose();
        Assert.Empty(Directory.GetFiles(disk.Folder));
    }
}

using MLNetExtensions.Trainers.Runs;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.Runs;

/// <summary>The limit of memory of a control group, from the files in which Linux tells it.</summary>
public sealed class ControlGroupTests
{
    private const string Second = "0::/user.slice/app.service\n";

    private const string First = "12:cpu,cpuacct:/docker/ab\n4:memory:/docker/ab\n1:name=systemd:/docker/ab\n";

    [Fact]
    public void The_least_limit_on_the_way_up_counts()
    {
        Assert.Equal(
            300,
            Limit(Second, ("/sys/fs/cgroup/user.slice/app.service/memory.max", 500), ("/sys/fs/cgroup/user.slice/memory.max", 300))
        );
        Assert.Equal(500, Limit(Second, ("/sys/fs/cgroup/user.slice/app.service/memory.max", 500)));
    }

    [Fact]
    public void A_group_of_the_first_version_is_found() =>
        Assert.Equal(
            200,
            Limit(
                First,
                ("/sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes", 200),
                ("/sys/fs/cgroup/memory/memory.limit_in_bytes", long.MaxValue)
            )
        );

    [Fact]
    public void In_a_container_the_root_has_the_limit()
    {
        Assert.Equal(200, Limit(First, ("/sys/fs/cgroup/memory/memory.limit_in_bytes", 200)));
        Assert.Equal(200, Limit("0::/", ("/sys/fs/cgroup/memory.max", 200)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Second)]
    [InlineData("not a line")]
    public void Without_a_limit_there_is_none(string groups) => Assert.Null(Limit(groups));

    private static long? Limit(string groups, params (string Path, long Bytes)[] files) =>
        ControlGroup.MemoryLimit(groups, path => files.Where(f => f.Path == path).Select(f => (long?)f.Bytes).FirstOrDefault());
}

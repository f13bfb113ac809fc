"""What to know of the operations on datasets, requests for data, alarms and mandates."""

from app.api.guide_words import A, Guide, O, S, changing, roles
from app.domain.vocabulary import Role, Text

T = Role.STEWARD

PARTS = roles(
    O,
    T,
    note=Text("限提出和答复的部门；数据管理员限辖区。", "The departments that ask and answer; stewards, their region."),
)
ITS_REGION = roles(T, S, note=Text("限本区划及以下。", "Their own region and everything inside it."))
SHARED = Text(
    "浙江省公共数据条例：公共数据以共享为原则，按无条件共享、受限共享、不共享分类；不共享须有法律依据。",
    "Zhejiang Regulations on Public Data: shared as a rule; without condition, under conditions or, by law, "
    "not at all.",
)
NARROW_USE = Text(
    "个人信息保护法第六条、第三十四条：限于最小范围，国家机关不得超出履行法定职责所必需。",
    "Personal Information Protection Law, arts. 6 and 34: the smallest scope, no more than a duty needs.",
)
AUTHORISED = Text(
    "民法典第一百六十五条：授权委托载明代理事项、权限和期限。", "Civil Code, art. 165: matter, powers and term."
)

DATASETS: dict[str, Guide] = {
    "listDatasets": Guide(Text("浏览数据资源", "Browse datasets")),
    "showDataset": Guide(Text("查看数据资源", "Show a dataset"), law=SHARED),
    "listDataRequests": Guide(Text("列出数据申请", "List requests for data"), PARTS),
    "requestData": Guide(
        Text("一揽子申请数据", "Request data"),
        roles(O, note=Text("限事项主管部门。", "The department that owns the item.")),
        changing(
            "写入一个申请，每个数据资源一项；无条件共享的当即同意，不共享的当即退回。",
            "One request, one line for each dataset; what is shared without condition is approved at once, what is not "
            "shared refused at once.",
        ),
        SHARED,
    ),
    "showDataRequest": Guide(Text("查看数据申请", "Show a request for data"), PARTS),
    "showDataLine": Guide(Text("查看申请中的一项", "Show one line of a request"), PARTS),
    "actOnDataLine": Guide(
        Text("答复或变更一项", "Act on a line"),
        roles(
            O, note=Text("数源部门答复、暂停、恢复、收回；需求部门撤回。", "The holder answers; the asker withdraws.")
        ),
        changing("这一项及其事件；调用随即按新状态判断。", "The line and its events; calls go by it from then on."),
        NARROW_USE,
    ),
    "suspendApproval": Guide(
        Text("暂停随目录批准的共享", "Suspend an approval of the catalogue"),
        roles(O, note=Text("限数源部门，在本辖区内。", "The holder, for its own region and inside it.")),
        changing(
            "写入一项暂停；辖区内的调用随即被拒。", "A suspended line; calls in the region are refused from then on."
        ),
    ),
    "listDataAlarms": Guide(Text("列出数据调用异常", "List alarms"), ITS_REGION),
    "showDataUsage": Guide(
        Text("查看数据使用量", "Show usage"),
        roles(T, note=Text("限本区划及以下；只有次数。", "Their own region and inside it; counts only.")),
    ),
    "listMandates": Guide(Text("我给出的委托", "Mandates given"), roles(A)),
    "listMandatesHeld": Guide(Text("我持有的委托", "Mandates held"), roles(A)),
    "giveMandate": Guide(
        Text("委托他人代办", "Give a mandate"),
        roles(A, note=Text("单位限法定代表人。", "For a company its legal representative.")),
        changing("写入一项委托；受托人可凭它登录。", "One mandate; the agent can sign in by it."),
        AUTHORISED,
    ),
    "revokeMandate": Guide(
        Text("撤销委托", "Revoke a mandate"),
        roles(A, note=Text("限委托人。", "Whoever gave it.")),
        changing("委托立即失效，凭它的登录也失效。", "It ends at once, and so do sign-ins by it."),
        Text("民法典第一百七十三条：被代理人可以取消委托。", "Civil Code, art. 173: the principal may cancel it."),
    ),
}
"""``operationId`` → what to know."""

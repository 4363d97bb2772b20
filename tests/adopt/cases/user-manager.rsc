# 2024-01-15 07:30:00 by RouterOS 7.13.1
# software id = AAAA-0122
#
# model = RB4011iGS+
# serial number = HEX0000122
/user-manager attribute
add name=Site-Code type-id=200 value-type=string vendor-id=14988
/user-manager limitation
add download-limit=10737418240B name=10G rate-limit-rx=5M rate-limit-tx=10M
add name=unlimited
/user-manager profile
add name=day name-for-users="One day" price=5 validity=1d
add name=month override-shared-users=2 price=25 validity=4w2d
/user-manager user group
add name=guests outer-auths=pap,chap
/user-manager user
add attributes=Mikrotik-Group:crew group=guests name=porter password=\
    canary-um-1 shared-users=3
add comment="room 12, \C3\89lise" disabled=yes name=room12 password="canary um 2"
/user-manager
set enabled=yes
/user-manager advanced
set paypal-allow=no
/user-manager profile-limitation
add from-time=8h limitation=10G profile=day till-time=22h weekdays=\
    monday,tuesday,friday
add limitation=unlimited profile=month
/user-manager router
add address=127.0.0.1 coa-port=3799 name=self shared-secret=canary-um-nas
/user-manager user-profile
add profile=day user=porter
add profile=month user=room12
/radius
add address=127.0.0.1 secret=canary-um-nas service=hotspot,login
/radius incoming
set accept=yes
/user aaa
set default-group=read use-radius=yes
/system identity
set name=accounts
